import { followPosts, type OccasionState } from "@fairway/live";
import { useFollowed } from "@fairway/live/react";
import { lazy, type ReactNode, Suspense } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components/Tabs";

import { useAddress } from "../address";
import { useWords } from "../language";
import { Problem } from "../Problem";
import { useSession } from "../session";
import { Posts, Requests } from "./Moderation";
import { PlanTools } from "./PlanTools";
import { Seating } from "./Seating";

const Door = lazy(() => import("./Door"));
const GuestFile = lazy(() => import("./GuestFile"));
const TABS = ["guests", "seating", "door", "posts", "requests"] as const;

/** What those who plan an occasion work on, each on a page of its own. */
export default function PlannerTabs({ state, guests }: { state: OccasionState; guests: ReactNode }) {
  const words = useWords();
  const { line } = useSession();
  const [address, go] = useAddress();
  const live = useFollowed(() => followPosts({ line, occasionId: state.occasion.id }), [line, state.occasion.id]);
  const waiting = live.state?.posts.filter(({ status }) => status === "PENDING").length ?? 0;
  const open = live.state?.requests.filter(({ status }) => status === "OPEN").length ?? 0;
  const tabs = TABS.filter((tab) => tab !== "seating" || state.seating);
  const chosen = tabs.find((tab) => tab === address.tab) ?? "guests";
  const count = { guests: state.guests.length, seating: state.seating?.problems.length ?? 0, door: 0, posts: waiting, requests: open };
  return (
    <Tabs className="tabs" selectedKey={chosen} onSelectionChange={(tab) => go({ tab: String(tab) })}>
      <TabList aria-label={words.views.occasion}>
        {tabs.map((tab) => (
          <Tab key={tab} id={tab}>
            {words.party.tabs[tab]} {count[tab] > 0 && <span className="number">{count[tab]}</span>}
          </Tab>
        ))}
      </TabList>
      <TabPanel id="guests">
        {guests}
        <Suspense>
          <GuestFile occasionId={state.occasion.id} />
        </Suspense>
      </TabPanel>
      <TabPanel id="seating">
        {state.seating && (
          <>
            <PlanTools state={state} />
            <Seating state={state} seating={state.seating} />
          </>
        )}
      </TabPanel>
      <TabPanel id="door">
        <Suspense>
          <Door state={state} />
        </Suspense>
      </TabPanel>
      <TabPanel id="posts">
        <Problem of={live} />
        {live.state && <Posts posts={live.state.posts} />}
      </TabPanel>
      <TabPanel id="requests">{live.state && <Requests requests={live.state.requests} zone={state.occasion.timeZone} />}</TabPanel>
    </Tabs>
  );
}
