// Says where the build puts the page, for who serves it.
import path from "node:path";

/** The built page. */
export const PAGE_FOLDER = path.resolve(import.meta.dirname, "../../../dist/web");
