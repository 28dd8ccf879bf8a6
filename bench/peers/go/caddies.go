package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	graphql "github.com/graph-gophers/graphql-go"
)

const schemaText = `
schema { query: Query mutation: Mutation subscription: Subscription }
enum CaddieStatus { AVAILABLE CHECKED_IN ASSIGNED ON_COURSE RETURNING ON_BREAK OFF_DUTY }
type Caddie { id: ID! name: String! status: CaddieStatus! listNumber: Int! }
type CaddieEvent { caddieId: ID! name: String! status: CaddieStatus! listNumber: Int! timestamp: String! }
type Query { caddies(list: Int!): [Caddie!]! }
type Mutation { setCaddieStatus(id: ID!, status: CaddieStatus!): Caddie! }
type Subscription { caddieEvents(list: Int!): CaddieEvent! }`

// The fields of what is shown; resolvers read them by name.
type caddie struct {
	ID         graphql.ID
	Name       string
	Status     string
	ListNumber int32
}

type caddieEvent struct {
	CaddieID   graphql.ID
	Name       string
	Status     string
	ListNumber int32
	Timestamp  string
}

// Thirty caddies in memory, those who follow them, and Redis in between.
type club struct {
	mutex     sync.Mutex
	caddies   []*caddie
	followers map[chan *caddieEvent]int32
	redis     *publisher
}

func newClub(redis *publisher) *club {
	c := &club{followers: map[chan *caddieEvent]int32{}, redis: redis}
	for n := 1; n <= 30; n++ {
		id := graphql.ID(fmt.Sprint(n))
		c.caddies = append(c.caddies, &caddie{id, fmt.Sprintf("Caddie %02d", n), "AVAILABLE", 1})
	}
	return c
}

func (c *club) Caddies(args struct{ List int32 }) []*caddie {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	found := []*caddie{}
	for _, one := range c.caddies {
		if one.ListNumber == args.List {
			shown := *one
			found = append(found, &shown)
		}
	}
	return found
}

func (c *club) SetCaddieStatus(args struct {
	ID     graphql.ID
	Status string
}) (*caddie, error) {
	changed, err := c.change(args.ID, args.Status)
	if err != nil {
		return nil, err
	}
	timestamp := time.Now().UTC().Format(time.RFC3339Nano)
	return changed, c.redis.publish(&caddieEvent{changed.ID, changed.Name, changed.Status, changed.ListNumber, timestamp})
}

func (c *club) change(id graphql.ID, status string) (*caddie, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for _, one := range c.caddies {
		if one.ID == id {
			one.Status = status
			shown := *one
			return &shown, nil
		}
	}
	return nil, fmt.Errorf("there is no caddie %s", id)
}

func (c *club) CaddieEvents(ctx context.Context, args struct{ List int32 }) <-chan *caddieEvent {
	events := make(chan *caddieEvent, 256)
	c.mutex.Lock()
	c.followers[events] = args.List
	c.mutex.Unlock()
	go func() {
		<-ctx.Done()
		c.mutex.Lock()
		delete(c.followers, events)
		close(events)
		c.mutex.Unlock()
	}()
	return events
}

// Give an event that has come from Redis to all who follow its list. Who does not keep up holds the others up: none is lost.
func (c *club) tell(event *caddieEvent) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for events, list := range c.followers {
		if list == event.ListNumber {
			events <- event
		}
	}
}
