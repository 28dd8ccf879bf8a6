// What relay-compiler reads. Nobody imports it: main.ts takes what is generated of it, and needs no Babel for that.
import { graphql } from "relay-runtime";

graphql`
  fragment sheet_place on Slot {
    id
    number
    status
    price { amountCents currency }
  }
`;

graphql`
  query sheetQuery($course: ID!, $date: Date!) {
    teeSheet(courseId: $course, date: $date) {
      id
      cursor
      teeTimes { id localTime slots { id status ...sheet_place @relay(mask: false) } }
    }
  }
`;

graphql`
  mutation sheetHoldMutation($teeTime: ID!, $places: Int!) {
    holdSlots(input: { teeTimeId: $teeTime, places: $places }) {
      hold { id expiresAt }
      problems { __typename message ... on SlotsUnavailable { placesLeft } ... on CourseClosed { reason } }
    }
  }
`;

graphql`
  subscription sheetFollowSubscription($course: ID!, $date: Date!, $after: String) {
    teeSheetEvents(courseId: $course, date: $date, after: $after) {
      __typename
      ... on StreamItem { cursor }
      ... on SlotEvent { slot { ...sheet_place @relay(mask: false) } }
      ... on StreamReset { resetReason }
    }
  }
`;
