import { follow, type Followed, type On } from "./follow.js";

export interface Notification {
  id: string;
  kind: string;
  title: string;
  body: string;
  /** The same in each language. */
  texts: { language: string; title: string; body: string }[];
  createdAt: string;
  readAt: string | null;
}

export interface Notifications {
  cursor: string;
  unread: number;
  /** The newest, newest first. */
  newest: Notification[];
}

const NOTIFICATIONS = `query Notifications($first: Int!) {
  notifications(first: $first) { cursor nodes { id kind title body texts { language title body } createdAt readAt } }
  unreadNotifications
}`;

const EVENTS = `subscription Notifications($after: String) {
  notifications(after: $after) {
    __typename
    ... on StreamEvent { cursor }
    ... on StreamReset { cursor }
    ... on NotificationCreated { notificationId kind title body texts { language title body } timestamp }
  }
}`;

/** Follow what the user is told: the newest `first` notifications, and how many are unread. */
export function followNotifications(on: On & { first?: number }): Followed<Notifications> {
  const first = on.first ?? 20;
  return follow<Notifications>(on, {
    read: async (ask) => {
      const answer = await ask<{
        notifications: { cursor: string; nodes: Notification[] };
        unreadNotifications: number;
      }>(NOTIFICATIONS, { first });
      const { notifications, unreadNotifications: unread } = answer;
      return { cursor: notifications.cursor, unread, newest: notifications.nodes };
    },
    follow: ({ cursor }) => [{ query: EVENTS, variables: {}, after: cursor }],
    apply: (state, event) => {
      if (event.__typename !== "NotificationCreated") return { state, read: "soon" };
      const id = event["notificationId"] as string;
      if (state.newest.some((known) => known.id === id)) return { state };
      const { timestamp: createdAt, kind, title, body, texts } = event;
      const told = { id, readAt: null, createdAt, kind, title, body, texts };
      return { state: { ...state, unread: state.unread + 1, newest: [told as Notification, ...state.newest].slice(0, first) } };
    },
  });
}
