import{o as e}from"./Problem--u93VgvS.js";var t=`status causes reason source since closedUntil overrideUntil score level stale lightningUntil cartPolicy
  holesOpen temporaryGreens note weather { attribution observedAt windKmh gustKmh rainMmPerHour temperatureC }`,n=`query Conditions($course: ID!) { courseConditions(courseId: $course) { cursor name timeZone ${t} } }`,r=`subscription Conditions($course: ID!, $after: String) {
  courseStatusEvents(courseId: $course, after: $after) {
    __typename
    ... on StreamEvent { cursor }
    ... on StreamReset { cursor }
    ... on CourseConditionsChanged { ${t} }
  }
}`;function i(t){let i={course:t.courseId};return e(t,{read:async e=>(await e(n,i)).courseConditions,follow:({cursor:e})=>[{query:r,variables:i,after:e}],apply:(e,{__typename:t,cursor:n,...r})=>t===`CourseConditionsChanged`?{state:{...e,...r,cursor:n}}:{state:{...e,cursor:n}}})}export{i as t};