export { Book, BookError, bookMigrations, type BookOwner } from "./book.ts";
export type { WatchContext } from "./context.ts";
export { WatchMetrics } from "./metrics.ts";
export { checkWatchPolicy, DEFAULT_WATCH_POLICY, type WatchPolicy } from "./policy.ts";
export { Watcher, type WatchOptions } from "./watcher.ts";
