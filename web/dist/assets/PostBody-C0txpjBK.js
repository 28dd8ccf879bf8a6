import{s as e}from"./provider-7YBoMw36.js";import{d as t}from"./session-Cbkn33kq.js";import{o as n}from"./Problem-CWnsz5Qj.js";var r=`query Posts($id: ID!, $first: Int!) {
  posts(occasionId: $id, first: $first) {
    cursor
    nodes {
      id kind status authorName title artist text isOwn createdAt votes votedGuestIds
      picture { url smallUrl width height }
    }
  }
  guestRequests(occasionId: $id, first: $first) { nodes { id authorName text reply status createdAt } }
}`,i=[`MUSIC`,`GALLERY`,`GUESTBOOK`,`TRIBUTE`,`GUEST_REQUEST`].flatMap(e=>[`CREATE`,`UPDATE`,`DELETE`].map(t=>`${e}_${t}`)),a=`subscription Posts($id: ID!, $types: [OccasionEventType!], $after: String) {
  occasionEvents(occasionId: $id, types: $types, after: $after) {
    __typename
    ... on StreamEvent { cursor }
    ... on StreamReset { cursor }
  }
}`;function o(e){return n(e,{read:async t=>{let n=await t(r,{id:e.occasionId,first:e.first??100});return{cursor:n.posts.cursor,posts:n.posts.nodes,requests:n.guestRequests.nodes}},follow:({cursor:t})=>[{query:a,variables:{id:e.occasionId,types:i},after:t}],apply:e=>({state:e,read:`soon`})})}var s=e();function c(e){let{pathname:t,search:n}=new URL(e,location.href);return t+n}function l({post:e}){let{words:n}=t(),{kind:r,authorName:i,title:a,artist:o,text:l,picture:u,votes:d}=e;return(0,s.jsxs)(s.Fragment,{children:[(0,s.jsxs)(`span`,{className:`who`,children:[(0,s.jsx)(`strong`,{children:i}),(0,s.jsx)(`small`,{className:`quiet`,children:[n.party.kinds[r],r===`MUSIC`&&n.party.votes(d)].filter(Boolean).join(` · `)})]}),u&&(0,s.jsx)(`a`,{href:c(u.url),target:`_blank`,rel:`noreferrer`,children:(0,s.jsx)(`img`,{src:c(u.smallUrl),alt:n.party.photoOf(i),loading:`lazy`})}),a&&(0,s.jsxs)(`p`,{className:`said`,children:[(0,s.jsx)(`strong`,{children:a}),` `,o&&n.party.by(o)]}),l&&(0,s.jsx)(`p`,{className:`said`,children:l})]})}export{c as n,o as r,l as t};