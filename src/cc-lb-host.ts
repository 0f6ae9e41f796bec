/** What the cc-lb host gives to each call of a dispatching plugin: instructions, milliseconds, pages (abi/PROTOCOL.md, "Layers"). */
export const dispatchBudget = { fuel: 1_000_000_000, wallMs: 5_000, memoryMaxPages: 32 } as const;

/** What the cc-lb host lets a plugin store, in bytes, keys and values together. */
export const STORAGE_QUOTA_BYTES = 1_048_576;
