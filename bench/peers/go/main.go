// Peer: graph-gophers/graphql-go with gorilla's WebSockets and Redis, for as many cores as GOMAXPROCS says.
package main

import (
	"context"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"sync"

	"github.com/gorilla/websocket"
	graphql "github.com/graph-gophers/graphql-go"
	"github.com/graph-gophers/graphql-go/relay"
)

var upgrader = websocket.Upgrader{Subprotocols: []string{"graphql-transport-ws"}}

type message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// One socket that speaks graphql-transport-ws.
type session struct {
	context context.Context
	socket  *websocket.Conn
	schema  *graphql.Schema
	writing sync.Mutex
}

func (s *session) say(m message) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.socket.WriteJSON(m)
}

func (s *session) serve() {
	for {
		var heard message
		if s.socket.ReadJSON(&heard) != nil {
			return
		}
		switch heard.Type {
		case "connection_init":
			s.say(message{Type: "connection_ack"})
		case "ping":
			s.say(message{Type: "pong"})
		case "subscribe":
			if s.subscribe(heard) != nil {
				return
			}
		}
	}
}

func (s *session) subscribe(heard message) error {
	var wanted struct {
		Query         string
		OperationName string
		Variables     map[string]interface{}
	}
	if err := json.Unmarshal(heard.Payload, &wanted); err != nil {
		return err
	}
	answers, err := s.schema.Subscribe(s.context, wanted.Query, wanted.OperationName, wanted.Variables)
	if err != nil {
		return err
	}
	go func() {
		for answer := range answers {
			payload, err := json.Marshal(answer)
			if err != nil || s.say(message{ID: heard.ID, Type: "next", Payload: payload}) != nil {
				s.socket.Close()
			}
		}
	}()
	return nil
}

func main() {
	address := "127.0.0.1:" + os.Getenv("REDIS_PORT")
	publishing, err := dial(address)
	if err != nil {
		log.Fatal(err)
	}
	hearing, err := dial(address)
	if err != nil {
		log.Fatal(err)
	}
	domain, listening := newClub(&publisher{link: publishing}), make(chan struct{})
	go func() { log.Fatal(listen(hearing, listening, domain.tell)) }()
	<-listening
	schema := graphql.MustParseSchema(schemaText, domain, graphql.UseFieldResolvers())
	answering := &relay.Handler{Schema: schema}
	http.HandleFunc("/graphql", func(w http.ResponseWriter, r *http.Request) {
		if !websocket.IsWebSocketUpgrade(r) {
			answering.ServeHTTP(w, r)
			return
		}
		socket, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer socket.Close()
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		(&session{context: ctx, socket: socket, schema: schema}).serve()
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
