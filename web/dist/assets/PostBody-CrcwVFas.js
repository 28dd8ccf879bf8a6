import{s as e}from"./provider-7YBoMw36.js";import{p as t}from"./session-BlTr4A6-.js";import{o as n}from"./Problem--u93VgvS.js";import{n as r}from"./pictures-CdGj0AQX.js";var i=`query Posts($id: ID!, $first: Int!) {
  posts(occasionId: $id, first: $first) {
    cursor
    nodes {
      id kind status authorName title artist text isOwn createdAt votes votedGuestIds
      picture { url smallUrl width height }
    }
  }
  guestRequests(occasionId: $id, first: $first) { nodes { id authorName text reply status createdAt } }
}`,a=[`MUSIC`,`GALLERY`,`GUESTBOOK`,`TRIBUTE`,`GUEST_REQUEST`].flatMap(e=>[`CREATE`,`UPDATE`,`DELETE`].map(t=>`${e}_${t}`)),o=`subscription Posts($id: ID!, $types: [OccasionEventType!], $after: String) {
  occasionEvents(occasionId: $id, types: $types, after: $after) {
    __typename
    ... on StreamEvent { cursor }
    ... on StreamReset { cursor }
  }
}`;function s(e){return n(e,{read:async t=>{let n=await t(i,{id:e.occasionId,first:e.first??100});return{cursor:n.posts.cursor,posts:n.posts.nodes,requests:n.guestRequests.nodes}},follow:({cursor:t})=>[{query:o,variables:{id:e.occasionId,types:a},after:t}],apply:e=>({state:e,read:`soon`})})}var c=e();function l({post:e}){let{words:n}=t(),{kind:i,authorName:a,title:o,artist:s,text:l,picture:u,votes:d}=e;return(0,c.jsxs)(c.Fragment,{children:[(0,c.jsxs)(`span`,{className:`who`,children:[(0,c.jsx)(`strong`,{children:a}),(0,c.jsx)(`small`,{className:`quiet`,children:[n.party.kinds[i],i===`MUSIC`&&n.party.votes(d)].filter(Boolean).join(` · `)})]}),u&&(0,c.jsx)(`a`,{href:r(u.url),target:`_blank`,rel:`noreferrer`,children:(0,c.jsx)(`img`,{src:r(u.smallUrl),alt:n.party.photoOf(a),loading:`lazy`})}),o&&(0,c.jsxs)(`p`,{className:`said`,children:[(0,c.jsx)(`strong`,{children:o}),` `,s&&n.party.by(s)]}),l&&(0,c.jsx)(`p`,{className:`said`,children:l})]})}export{s as n,l as t};