/** Tee times that somebody has looked at on this device: no query lists them. */
export interface KeptRoom {
  id: string;
  name: string;
}

const KEPT = 12;
const key = (userId: string) => `fairway.rooms.${userId}`;

export function keptRooms(userId: string): KeptRoom[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key(userId)) ?? "[]");
    return Array.isArray(kept) ? (kept as KeptRoom[]) : [];
  } catch {
    return [];
  }
}

export function keepRoom(userId: string, room: KeptRoom): void {
  const others = keptRooms(userId).filter(({ id }) => id !== room.id);
  localStorage.setItem(key(userId), JSON.stringify([room, ...others].slice(0, KEPT)));
}
