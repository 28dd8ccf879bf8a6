import { followNotifications } from "@fairway/live";
import { useFollowed } from "@fairway/live/react";
import { Button } from "react-aria-components/Button";
import { Dialog, DialogTrigger } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Popover } from "react-aria-components/Popover";

import { useLanguage } from "./language";
import type { Session } from "./session";

const READ = "mutation($input: MarkNotificationsReadInput!) { markNotificationsRead(input: $input) { unread problems { code } } }";

/** What the user is told, and how much of it is unread. */
export function News({ session }: { session: Session }) {
  const { words, locale, language } = useLanguage();
  const live = useFollowed(() => followNotifications({ line: session.line }), [session.line]);
  const { unread = 0, newest = [] } = live.state ?? {};
  const when = new Intl.DateTimeFormat(locale, { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  // What is not marked stays unread, which the list shows; a click does it again.
  const read = () => void session.line.ask(READ, { input: {} }).catch(() => {});
  return (
    <DialogTrigger>
      <Button className="news" {...(unread && { "data-unread": true })}>
        {words.notifications} {unread > 0 && <span className="number">{unread}</span>}
      </Button>
      <Popover className="popover" placement="bottom end">
        <Dialog className="panel">
          <Heading slot="title">{words.notifications}</Heading>
          {newest.length === 0 && <p className="quiet">{words.notificationsNone}</p>}
          <ul className="news-list">
            {newest.map((one) => {
              const { title, body } = one.texts.find((text) => text.language.toLowerCase() === language) ?? one;
              return (
                <li key={one.id} data-unread={one.readAt ? undefined : true}>
                  <strong>{title}</strong>
                  <span>{body}</span>
                  <small>{when.format(new Date(one.createdAt))}</small>
                </li>
              );
            })}
          </ul>
          {unread > 0 && <Button onPress={read}>{words.markRead}</Button>}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
