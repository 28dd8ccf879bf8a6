import { follow, type Followed, type On } from "./follow.js";

export type PostKind = "MUSIC" | "GALLERY" | "GUESTBOOK" | "TRIBUTE";
export type PostStatus = "PENDING" | "APPROVED" | "HIDDEN";
export type RequestStatus = "OPEN" | "IN_PROGRESS" | "DONE" | "DECLINED";

export interface Post {
  id: string;
  kind: PostKind;
  status: PostStatus;
  authorName: string;
  title: string;
  artist: string;
  text: string;
  isOwn: boolean;
  createdAt: string;
  votes: number;
  votedGuestIds: string[];
  picture: { url: string; smallUrl: string; width: number; height: number } | null;
}

export interface GuestRequest {
  id: string;
  authorName: string;
  text: string;
  reply: string;
  status: RequestStatus;
  createdAt: string;
}

export interface Posts {
  cursor: string;
  /** The newest, newest first; planners see all, guests what is approved and what is their own. */
  posts: Post[];
  requests: GuestRequest[];
}

const POSTS = `query Posts($id: ID!, $first: Int!) {
  posts(occasionId: $id, first: $first) {
    cursor
    nodes {
      id kind status authorName title artist text isOwn createdAt votes votedGuestIds
      picture { url smallUrl width height }
    }
  }
  guestRequests(occasionId: $id, first: $first) { nodes { id authorName text reply status createdAt } }
}`;

const TYPES = ["MUSIC", "GALLERY", "GUESTBOOK", "TRIBUTE", "GUEST_REQUEST"].flatMap((what) =>
  ["CREATE", "UPDATE", "DELETE"].map((did) => `${what}_${did}`),
);

const EVENTS = `subscription Posts($id: ID!, $types: [OccasionEventType!], $after: String) {
  occasionEvents(occasionId: $id, types: $types, after: $after) {
    __typename
    ... on StreamEvent { cursor }
    ... on StreamReset { cursor }
  }
}`;

/** Follow what the guests of an occasion post and ask for: the newest `first` of each, at most 100. */
export function followPosts(on: On & { occasionId: string; first?: number }): Followed<Posts> {
  return follow<Posts>(on, {
    read: async (ask) => {
      const answer = await ask<{ posts: { cursor: string; nodes: Post[] }; guestRequests: { nodes: GuestRequest[] } }>(POSTS, {
        id: on.occasionId,
        first: on.first ?? 100,
      });
      return { cursor: answer.posts.cursor, posts: answer.posts.nodes, requests: answer.guestRequests.nodes };
    },
    follow: ({ cursor }) => [{ query: EVENTS, variables: { id: on.occasionId, types: TYPES }, after: cursor }],
    // Votes and pictures are told in parts; the whole is small, and a burst is read once.
    apply: (state) => ({ state, read: "soon" }),
  });
}
