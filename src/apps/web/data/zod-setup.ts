// Turns zod's generated code off, which a strict content security policy refuses. Imported before any schema is used.
import { z } from "zod";

z.config({ jitless: true });
