import { skippedWhenNone, string, struct } from '../../../json/declare.ts';
import { extend } from '../../../json/extend.ts';
import type { Infer } from '../../../json/type.ts';
import { type ShapeResponse, shapeRequestFields, shapeResponse, shape as shapeV1 } from '../v1/shape.ts';
import type { WireFunction } from '../wire-function.ts';

/** What `shape` is called with. */
export const shapeRequest = struct(
  'ShapeRequest',
  extend(shapeRequestFields, {
    upstream_base_url: skippedWhenNone(string),
  }),
);
/** What {@link shapeRequest} decodes to. */
export type ShapeRequest = Infer<typeof shapeRequest>;

/** As in v1, and the request may tell the upstream's base URL. */
export const shape: WireFunction<ShapeRequest, ShapeResponse> = extend(shapeV1, {
  dryRunRequest: () => ({ ...shapeV1.dryRunRequest(), upstream_base_url: null }),
  schemas: { request: shapeRequest, response: shapeResponse },
});
