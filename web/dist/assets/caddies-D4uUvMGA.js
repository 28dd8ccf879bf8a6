import{o as e}from"./Problem--u93VgvS.js";var t=`query Caddies($club: ID!, $lists: [Int!]) {
  caddies(clubId: $club, lists: $lists) { cursor caddies { id name listNumber status statusLabel isActive } }
}`,n=`query Queue($club: ID!, $list: Int!) {
  caddieQueue(clubId: $club, list: $list) {
    listNumber day
    queue { place caddie { id name } turn { id bookingId } }
    inField { id listNumber caddieName startedAt bookingId assignedAs }
  }
}`,r=`subscription Caddies($club: ID!, $lists: [Int!], $after: String) {
  caddieEvents(clubId: $club, lists: $lists, after: $after) {
    __typename
    ... on StreamEvent { cursor }
    ... on StreamReset { cursor }
    ... on CaddieStatusChanged { caddieId status statusLabel }
    ... on TurnQueueChanged { listNumber queue { place name caddieId turnId bookingId } }
  }
}`;function i(i){let s={club:i.clubId,...i.lists&&{lists:i.lists}};return e(i,{read:async e=>{let{caddies:r}=await e(t,s),a=[...new Set(r.caddies.map(({listNumber:e})=>e))].sort((e,t)=>e-t),c=await Promise.all(a.map(t=>e(n,{club:i.clubId,list:t})));return{cursor:r.cursor,caddies:r.caddies,lists:c.map(({caddieQueue:e})=>o(e))}},follow:({cursor:e})=>[{query:r,variables:s,after:e}],apply:a})}function a(e,t){if(t.__typename===`CaddieStatusChanged`){let n={status:t.status,statusLabel:t.statusLabel},r=e.caddies.map(e=>e.id===t.caddieId?{...e,...n}:e);return{state:{...e,caddies:r}}}if(t.__typename===`TurnQueueChanged`){let n=t.queue;return{state:{...e,lists:e.lists.map(e=>e.number===t.listNumber?{...e,queue:n}:e)}}}return{state:e,read:`soon`}}function o({listNumber:e,day:t,queue:n,inField:r}){return{number:e,day:t,queue:n.map(({place:e,caddie:t,turn:n})=>({place:e,caddieId:t.id,name:t.name,turnId:n?.id??null,bookingId:n?.bookingId??null})),inField:r}}export{i as t};