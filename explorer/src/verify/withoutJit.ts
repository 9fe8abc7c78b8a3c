/** Before any schema is made: zod would try `new Function`, which the policy refuses. */
import { config } from "zod";

config({ jitless: true });
