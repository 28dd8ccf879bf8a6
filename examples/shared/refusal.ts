import type { HoldMutation } from "../gql/graphql.js";
import { say } from "./settings.js";

type Refusal = HoldMutation["holdSlots"]["problems"][number];

/** Tell of a refusal. Which there are is known: the compiler narrows each to what it has. */
export function tell(refusal: Refusal): void {
  switch (refusal.__typename) {
    case "SlotsUnavailable":
      say({ placesLeft: refusal.placesLeft });
      break;
    case "CourseClosed":
      say({ closed: refusal.reason });
      break;
    default:
      say({ refused: refusal.message });
  }
}
