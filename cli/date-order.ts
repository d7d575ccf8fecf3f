// Order in which the numbers of a date stand, as people write days.
export const dateOrders = ["dmy", "mdy"] as const;
export type DateOrder = (typeof dateOrders)[number];
