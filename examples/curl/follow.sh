#!/bin/sh
# Reads, is refused, and follows, by curl alone: events come over plain HTTP, and go on after the last one.
set -eu

ask() {
  curl --silent --no-buffer "$FAIRWAY_URL" --header "Authorization: Bearer $FAIRWAY_TOKEN" \
    --header "Content-Type: application/json" "$@"
}

kept=$(mktemp)
trap 'rm -f "$kept"' EXIT
place="\"course\": \"$FAIRWAY_COURSE\", \"date\": \"$FAIRWAY_DATE\""

query='query($course: ID!, $date: Date!) { teeSheet(courseId: $course, date: $date) { cursor } }'
ask --data "{\"query\": \"$query\", \"variables\": {$place}}" | tee "$kept"
echo
sed -n 's/.*"cursor":"\([^"]*\)".*/\1/p' "$kept" > "$kept.last" && mv "$kept.last" "$kept"

query='mutation($id: ID!) { holdSlots(input: { teeTimeId: $id, places: 4 }) { problems { code message ... on SlotsUnavailable { placesLeft } } } }'
ask --data "{\"query\": \"$query\", \"variables\": {\"id\": \"$FAIRWAY_TEE_TIME\"}}"
echo

# Whatever ends the connection: the next one begins where the last event was.
query='subscription($course: ID!, $date: Date!) { teeSheetEvents(courseId: $course, date: $date) { ... on SlotEvent { slot { id status } } } }'
while :; do
  ask --header "Accept: text/event-stream" --header "Last-Event-ID: $(cat "$kept")" \
    --data "{\"query\": \"$query\", \"variables\": {$place}}" |
    while IFS= read -r line; do
      case $line in
        id:*) echo "${line#id: }" > "$kept" ;;
        data:*) echo "${line#data: }" ;;
      esac
    done
  sleep 0.2
done
