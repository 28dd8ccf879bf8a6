import { graphql } from "../gql/index.js";

export const PLACE = graphql(`
  fragment Place on Slot {
    id
    number
    status
    price { amountCents currency }
  }
`);

export const SHEET = graphql(`
  query Sheet($course: ID!, $date: Date!) {
    teeSheet(courseId: $course, date: $date) {
      id
      cursor
      teeTimes { id localTime slots { ...Place } }
    }
  }
`);

export const HOLD = graphql(`
  mutation Hold($teeTime: ID!, $places: Int!) {
    holdSlots(input: { teeTimeId: $teeTime, places: $places }) {
      hold { id expiresAt }
      problems { __typename message ... on SlotsUnavailable { placesLeft } ... on CourseClosed { reason } }
    }
  }
`);

export const FOLLOW = graphql(`
  subscription Follow($course: ID!, $date: Date!, $after: String) {
    teeSheetEvents(courseId: $course, date: $date, after: $after) {
      __typename
      ... on StreamItem { cursor }
      ... on SlotEvent { slot { ...Place } }
      ... on StreamReset { resetReason }
    }
  }
`);
