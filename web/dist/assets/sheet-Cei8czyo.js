import{o as e}from"./Problem--u93VgvS.js";function t(e,t){let{sheet:i}=e;if(!i)return{state:e,read:`soon`};let a=(t,n)=>({state:{...e,sheet:t===i?t:{...t,figures:o(t)}},...n&&{read:n}});switch(t.__typename){case`SlotAvailable`:case`SlotReleased`:case`SlotBlocked`:case`SlotHeld`:case`SlotBooked`:{let e=n(i,t);return a(e,e===i?`soon`:void 0)}case`BookingCreated`:case`BookingUpdated`:return a(r(i,t),t.__typename===`BookingUpdated`?`soon`:`later`);case`BookingCheckedIn`:case`BookingCheckInUndone`:case`BookingNoShow`:case`BookingNoShowUndone`:case`BookingTeeOff`:case`BookingPaceUpdated`:case`BookingHoleCorrected`:case`BookingRoundEnded`:case`BookingCancelled`:return i.bookings.some(({id:e})=>e===t.bookingId)?a(r(i,t),`later`):{state:e,read:`soon`};case`TeeSheetOnline`:case`TeeSheetOffline`:return a({...i,isOnline:t.isOnline});case`PlaySuspended`:case`PlayResumed`:return{state:{...e,playSuspendedSince:t.suspendedAt??null},read:`later`};case`BallotEntered`:case`BallotEntryUpdated`:case`BallotEntryWithdrawn`:return{state:e};case`PaceAlert`:return{state:e,read:`later`};default:return{state:e,read:`soon`}}}function n(e,t){let n=e.teeTimes.findIndex(({slots:e})=>e.some(({id:e})=>e===t.slotId)),r=e.teeTimes[n];if(!r)return e;let i=t.slotStatus===`BOOKED`,o=r.slots.map(e=>e.id===t.slotId?{...e,status:t.slotStatus,heldUntil:t.heldUntil??null,bookingId:i?t.bookingId:null,payer:i?a(t):null}:e);return{...e,teeTimes:e.teeTimes.with(n,{...r,slots:o})}}function r(e,t){let n=t.bookingId,r=e.bookings.find(e=>e.id===n),o=t.bookingStatus,s={...r??{id:n,holes:18,payer:a(t),players:[],pace:null,note:``,staffNote:null,groupId:null,carts:[]},status:o,...`holes`in t&&{holes:t.holes,payer:a(t)},...`players`in t&&{players:t.players}};t.__typename===`BookingTeeOff`&&(s.pace=i(t,null)),`holesCompleted`in t&&(s.pace=i(t,r?.pace??null));let c=e.bookings.filter(e=>e.id!==n);return{...e,bookings:o===`CANCELLED`?c:[...c,s]}}function i(e,t){return{level:e.level??null,minutesBehind:e.minutesBehind??e.behind??null,gapMinutes:e.gapMinutes??null,lastHole:e.hole??e.lastHole??null,holesCompleted:e.holesCompleted??0,teedOffAt:e.teedOffAt??t?.teedOffAt??``,expectedMinutes:e.expectedMinutes??t?.expectedMinutes??0}}function a(e){return{firstName:e.payerFirstName??``,lastName:e.payerLastName??``}}function o({teeTimes:e,bookings:t,figures:n}){if(!n)return null;let r=e.flatMap(e=>e.slots),i=e=>r.filter(t=>t.status===e).length,a=t.filter(({status:e})=>e!==`CANCELLED`).flatMap(e=>e.players),o=r.length-i(`BLOCKED`);return{...n,players:a.length,checkedIn:a.filter(({checkedInAt:e})=>e).length,noShows:a.filter(({noShowAt:e})=>e).length,utilisationPercent:o?Math.round(1e3*i(`BOOKED`)/o)/10:0,places:[`AVAILABLE`,`HELD`,`BOOKED`,`BLOCKED`].map(e=>({status:e,places:i(e)}))}}var s=`query Sheet($course: ID!, $day: Date!) {
  teeSheet(courseId: $course, date: $day) {
    id cursor date timeZone isOnline note staffNote groupSizes
    teeTimes {
      id startsAt localTime tee note staffNote
      restrictions { name fewestPlayers mostPlayers holes priceClasses walkingOnly opensDayBefore }
      slots { id number status heldUntil bookingId payer { firstName lastName } price { amountCents currency } }
    }
    bookings {
      id status holes note staffNote groupId payer { firstName lastName }
      players { position firstName lastName priceClass playerId slotId checkedInAt noShowAt }
      pace { level minutesBehind gapMinutes lastHole holesCompleted teedOffAt expectedMinutes }
      carts { cartId number status }
    }
    blocks { id kind reason slotIds removedAt }
    figures { players checkedIn noShows utilisationPercent places { status places } revenue { amountCents currency } }
  }
  waitlist(courseId: $course, date: $day) {
    entries {
      id name { firstName lastName } partySize earliest latest priceClass status place
      offer { id status places expiresAt teeTime { id localTime } }
    }
  }
  courseConditions(courseId: $course) { cursor }
  course(id: $course) { playSuspendedSince }
}`,c=`players { position firstName lastName priceClass playerId slotId checkedInAt noShowAt }`,l=`subscription Sheet($course: ID!, $day: Date!, $after: String) {
  teeSheetEvents(courseId: $course, date: $day, after: $after) {
    __typename
    ... on StreamEvent { cursor slotId bookingId }
    ... on StreamReset { cursor }
    ... on SlotAvailable { slotStatus: status }
    ... on SlotReleased { slotStatus: status }
    ... on SlotBlocked { slotStatus: status }
    ... on SlotHeld { slotStatus: status heldUntil }
    ... on SlotBooked { slotStatus: status payerFirstName payerLastName }
    ... on BookingCreated { bookingStatus: status holes payerFirstName payerLastName ${c} }
    ... on BookingUpdated { bookingStatus: status holes payerFirstName payerLastName ${c} }
    ... on BookingCancelled { bookingStatus: status }
    ... on BookingCheckedIn { bookingStatus: status ${c} }
    ... on BookingCheckInUndone { bookingStatus: status ${c} }
    ... on BookingNoShow { bookingStatus: status ${c} }
    ... on BookingNoShowUndone { bookingStatus: status ${c} }
    ... on BookingTeeOff { bookingStatus: status teedOffAt expectedMinutes ${c} }
    ... on BookingPaceUpdated { bookingStatus: status level minutesBehind gapMinutes hole holesCompleted }
    ... on BookingHoleCorrected { bookingStatus: status level behind: minutesBehind gapMinutes lastHole: hole holesCompleted }
    ... on BookingRoundEnded { bookingStatus: status level behind: minutesBehind gapMinutes lastHole: hole holesCompleted }
    ... on PlaySuspended { suspendedAt }
    ... on TeeSheetOnline { isOnline }
    ... on TeeSheetOffline { isOnline }
  }
}`;function u(n){let r={course:n.courseId,day:n.date};return e(n,{read:async e=>{let{teeSheet:t,waitlist:n,courseConditions:i,course:a}=await e(s,r);return{sheet:t,waitlist:n?.entries??[],playSuspendedSince:a.playSuspendedSince,cursor:t?.cursor??i.cursor}},follow:({cursor:e})=>[{query:l,variables:r,after:e}],apply:t})}export{u as t};