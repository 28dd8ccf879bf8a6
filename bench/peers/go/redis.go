package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
)

const channel = "caddies"

// A connection to Redis, as far as it is needed to publish and to listen.
type link struct {
	net.Conn
	reader *bufio.Reader
}

func dial(address string) (*link, error) {
	connection, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return &link{connection, bufio.NewReader(connection)}, nil
}

func (l *link) send(words ...string) error {
	var command strings.Builder
	fmt.Fprintf(&command, "*%d\r\n", len(words))
	for _, word := range words {
		fmt.Fprintf(&command, "$%d\r\n%s\r\n", len(word), word)
	}
	_, err := io.WriteString(l, command.String())
	return err
}

// Read a number with its type (`:1`, `*3`, `$7`).
func (l *link) number() (int, error) {
	line, err := l.reader.ReadString('\n')
	if err != nil {
		return 0, err
	}
	var number int
	_, err = fmt.Sscanf(line[1:], "%d", &number)
	return number, err
}

// Read a text with its length.
func (l *link) text() ([]byte, error) {
	length, err := l.number()
	if err != nil {
		return nil, err
	}
	text := make([]byte, length+2)
	_, err = io.ReadFull(l.reader, text)
	return text[:length], err
}

type publisher struct {
	mutex sync.Mutex
	link  *link
}

func (p *publisher) publish(event *caddieEvent) error {
	text, err := json.Marshal(event)
	if err != nil {
		return err
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if err := p.link.send("PUBLISH", channel, string(text)); err != nil {
		return err
	}
	_, err = p.link.number()
	return err
}

// Subscribe, and give every event to `tell` until the connection ends. What is sent before `listening` is closed is not heard.
func listen(l *link, listening chan<- struct{}, tell func(*caddieEvent)) error {
	if err := l.send("SUBSCRIBE", channel); err != nil {
		return err
	}
	if err := skip(l); err != nil {
		return err
	}
	if _, err := l.number(); err != nil {
		return err
	}
	close(listening)
	for {
		if err := skip(l); err != nil {
			return err
		}
		text, err := l.text()
		if err != nil {
			return err
		}
		event := &caddieEvent{}
		if err := json.Unmarshal(text, event); err != nil {
			return err
		}
		tell(event)
	}
}

// Pass over how many parts a message has, its kind, and its channel.
func skip(l *link) error {
	if _, err := l.number(); err != nil {
		return err
	}
	for range [2]int{} {
		if _, err := l.text(); err != nil {
			return err
		}
	}
	return nil
}
