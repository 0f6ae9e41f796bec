/** A plugin was not admitted, or failed where its fallback is that the request fails. */
export class PluginRefusal extends Error {
  override readonly name = 'PluginRefusal';
}
