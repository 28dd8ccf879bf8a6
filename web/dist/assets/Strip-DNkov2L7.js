import{s as e}from"./provider-7YBoMw36.js";import{d as t}from"./session-CC1Rhwrg.js";import{o as n}from"./Problem-dgcnaJGF.js";import{i as r,l as i,n as a,r as o,s}from"./time-CUTvJATO.js";function c(e,t){let{sheet:n}=e;if(!n)return{state:e,read:`soon`};let r=(t,r)=>({state:{...e,sheet:t===n?t:{...t,figures:p(t)}},...r&&{read:r}});switch(t.__typename){case`SlotAvailable`:case`SlotReleased`:case`SlotBlocked`:case`SlotHeld`:case`SlotBooked`:{let e=l(n,t);return r(e,e===n?`soon`:void 0)}case`BookingCreated`:case`BookingUpdated`:return r(u(n,t),t.__typename===`BookingUpdated`?`soon`:`later`);case`BookingCheckedIn`:case`BookingCheckInUndone`:case`BookingNoShow`:case`BookingNoShowUndone`:case`BookingTeeOff`:case`BookingPaceUpdated`:case`BookingHoleCorrected`:case`BookingRoundEnded`:case`BookingCancelled`:return n.bookings.some(({id:e})=>e===t.bookingId)?r(u(n,t),`later`):{state:e,read:`soon`};case`TeeSheetOnline`:case`TeeSheetOffline`:return r({...n,isOnline:t.isOnline});case`PlaySuspended`:case`PlayResumed`:return{state:{...e,playSuspendedSince:t.suspendedAt??null},read:`later`};case`BallotEntered`:case`BallotEntryUpdated`:case`BallotEntryWithdrawn`:return{state:e};case`PaceAlert`:return{state:e,read:`later`};default:return{state:e,read:`soon`}}}function l(e,t){let n=e.teeTimes.findIndex(({slots:e})=>e.some(({id:e})=>e===t.slotId)),r=e.teeTimes[n];if(!r)return e;let i=t.slotStatus===`BOOKED`,a=r.slots.map(e=>e.id===t.slotId?{...e,status:t.slotStatus,heldUntil:t.heldUntil??null,bookingId:i?t.bookingId:null,payer:i?f(t):null}:e);return{...e,teeTimes:e.teeTimes.with(n,{...r,slots:a})}}function u(e,t){let n=t.bookingId,r=e.bookings.find(e=>e.id===n),i=t.bookingStatus,a={...r??{id:n,holes:18,payer:f(t),players:[],pace:null,note:``,staffNote:null,groupId:null,carts:[]},status:i,...`holes`in t&&{holes:t.holes,payer:f(t)},...`players`in t&&{players:t.players}};t.__typename===`BookingTeeOff`&&(a.pace=d(t,null)),`holesCompleted`in t&&(a.pace=d(t,r?.pace??null));let o=e.bookings.filter(e=>e.id!==n);return{...e,bookings:i===`CANCELLED`?o:[...o,a]}}function d(e,t){return{level:e.level??null,minutesBehind:e.minutesBehind??e.behind??null,gapMinutes:e.gapMinutes??null,lastHole:e.hole??e.lastHole??null,holesCompleted:e.holesCompleted??0,teedOffAt:e.teedOffAt??t?.teedOffAt??``,expectedMinutes:e.expectedMinutes??t?.expectedMinutes??0}}function f(e){return{firstName:e.payerFirstName??``,lastName:e.payerLastName??``}}function p({teeTimes:e,bookings:t,figures:n}){if(!n)return null;let r=e.flatMap(e=>e.slots),i=e=>r.filter(t=>t.status===e).length,a=t.filter(({status:e})=>e!==`CANCELLED`).flatMap(e=>e.players),o=r.length-i(`BLOCKED`);return{...n,players:a.length,checkedIn:a.filter(({checkedInAt:e})=>e).length,noShows:a.filter(({noShowAt:e})=>e).length,utilisationPercent:o?Math.round(1e3*i(`BOOKED`)/o)/10:0,places:[`AVAILABLE`,`HELD`,`BOOKED`,`BLOCKED`].map(e=>({status:e,places:i(e)}))}}var m=`query Sheet($course: ID!, $day: Date!) {
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
}`,h=`players { position firstName lastName priceClass playerId slotId checkedInAt noShowAt }`,g=`subscription Sheet($course: ID!, $day: Date!, $after: String) {
  teeSheetEvents(courseId: $course, date: $day, after: $after) {
    __typename
    ... on StreamEvent { cursor slotId bookingId }
    ... on StreamReset { cursor }
    ... on SlotAvailable { slotStatus: status }
    ... on SlotReleased { slotStatus: status }
    ... on SlotBlocked { slotStatus: status }
    ... on SlotHeld { slotStatus: status heldUntil }
    ... on SlotBooked { slotStatus: status payerFirstName payerLastName }
    ... on BookingCreated { bookingStatus: status holes payerFirstName payerLastName ${h} }
    ... on BookingUpdated { bookingStatus: status holes payerFirstName payerLastName ${h} }
    ... on BookingCancelled { bookingStatus: status }
    ... on BookingCheckedIn { bookingStatus: status ${h} }
    ... on BookingCheckInUndone { bookingStatus: status ${h} }
    ... on BookingNoShow { bookingStatus: status ${h} }
    ... on BookingNoShowUndone { bookingStatus: status ${h} }
    ... on BookingTeeOff { bookingStatus: status teedOffAt expectedMinutes ${h} }
    ... on BookingPaceUpdated { bookingStatus: status level minutesBehind gapMinutes hole holesCompleted }
    ... on BookingHoleCorrected { bookingStatus: status level behind: minutesBehind gapMinutes lastHole: hole holesCompleted }
    ... on BookingRoundEnded { bookingStatus: status level behind: minutesBehind gapMinutes lastHole: hole holesCompleted }
    ... on PlaySuspended { suspendedAt }
    ... on TeeSheetOnline { isOnline }
    ... on TeeSheetOffline { isOnline }
  }
}`;function _(e){let t={course:e.courseId,day:e.date};return n(e,{read:async e=>{let{teeSheet:n,waitlist:r,courseConditions:i,course:a}=await e(m,t);return{sheet:n,waitlist:r?.entries??[],playSuspendedSince:a.playSuspendedSince,cursor:n?.cursor??i.cursor}},follow:({cursor:e})=>[{query:g,variables:t,after:e}],apply:c})}var v=e();function y({conditions:e,zone:n}){let{words:r,locale:a}=t(),o=i(),{status:s,score:c,level:l,note:u,cartPolicy:d,lightningUntil:f}=e,p=[S(e,r,e=>C(e,o,n,a,r)),f?r.lightning(C(f,o,n,a,r)):``,c===null?``:r.playability(c,r.levels[l]??``),...b(e,r,a),r.carts[d]??``,u];return(0,v.jsxs)(`section`,{id:`conditions`,"aria-label":r.views.course,"aria-live":`polite`,"data-status":s,children:[(0,v.jsx)(`b`,{children:r.conditions[s]}),p.filter(Boolean).map(e=>(0,v.jsx)(`span`,{children:e},e))]})}function b({weather:e,stale:t},n,r){if(!e)return[];if(t)return[n.weatherUnknown];let i=new Intl.NumberFormat(r,{maximumFractionDigits:0}),{windKmh:a,gustKmh:o,rainMmPerHour:s,temperatureC:c}=e;return[a===null?``:n.wind(i.format(a),o===null?null:i.format(o)),s?n.rain(new Intl.NumberFormat(r,{maximumFractionDigits:1}).format(s)):``,c===null?``:new Intl.NumberFormat(r,{style:`unit`,unit:`celsius`,maximumFractionDigits:0}).format(c)]}function x(e,t){return e.map(e=>t.causes[e]).filter(e=>!!e)}function S({status:e,reason:t,causes:n,closedUntil:r},i,a){let o=t||x(n,i).join(`, `);return r&&e===`CLOSED`?[o,i.until(a(r))].filter(Boolean).join(`, `):o}function C(e,t,n,i,s){let c=new Date(e).getTime(),l=o(n,t),u=a(c,n,i);return u===`00:00`&&o(n,c-1)===l?s.midnight:o(n,c)===l?u:`${r(o(n,c),i)}, ${u}`}function w({since:e,zone:n}){let{words:r,locale:i}=t();return e?(0,v.jsx)(`p`,{className:`message problem`,role:`status`,children:r.starter.suspended(a(e,n,i))}):null}function T({figures:e,forAll:n}){let{words:r,locale:i}=t(),a=new Intl.NumberFormat(i,{style:`percent`,maximumFractionDigits:1}),o=[...e.places.map(({status:e,places:t})=>[r.places[e],String(t),e]),[r.figures.players,String(e.players)],[r.figures.checkedIn,String(e.checkedIn)],[r.figures.noShows,String(e.noShows)],[r.figures.utilisation,a.format(e.utilisationPercent/100)],...(n?[]:e.revenue??[]).map(e=>[r.figures.revenue,s(e,i)])];return(0,v.jsx)(`dl`,{id:`figures`,children:o.map(([e,t,n])=>(0,v.jsxs)(`div`,{"data-status":n,children:[(0,v.jsx)(`dt`,{children:e}),(0,v.jsx)(`dd`,{children:t})]},`${e} ${n??``}`))})}export{b as a,x as i,T as n,_ as o,w as r,y as t};