// Makes what a test needs through the server functions, which is much quicker than through the pages.
import { type APIRequestContext, type APIResponse, type BrowserContext, request } from "@playwright/test";

export type Cookies = Awaited<ReturnType<BrowserContext["cookies"]>>;

type Value = string | number | readonly string[];

/** The fields of a form as the functions read them: `ids` becomes `ids[]` for a list. */
export type Fields = Record<string, Value>;

export interface NewGroup {
  name: string;
  type?: "Work" | "Public" | "Meeting" | "AVChatRoom";
  owner?: string;
  group_id?: string;
}

export interface NewAccount {
  username: string;
  type?: "General" | "Admin";
  nickname?: string;
  image?: string;
}

/** What became of a batch, item by item. */
export interface Report {
  done: number;
  refused: { id: string; reason: string }[];
  gone: string[];
}

/** How many requests of `each` are sent at once. */
const AT_ONCE = 8;

/** One session that calls server functions. */
export class Api {
  private constructor(private http: APIRequestContext) {}

  static async of(url: string, cookies: Cookies = []): Promise<Api> {
    const headers = { "Sec-Fetch-Site": "same-origin", Accept: "application/json" };
    const http = await request.newContext({ baseURL: url, extraHTTPHeaders: headers, storageState: { cookies, origins: [] } });
    return new Api(http);
  }

  /** One session that calls server functions. */
  send(name: string, fields: Fields = {}): Promise<APIResponse> {
    const body = new URLSearchParams();
    for (const [key, value] of Object.entries(fields)) {
      if (typeof value === "object") value.forEach((one) => body.append(`${key}[]`, one));
      else body.append(key, String(value));
    }
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    return this.http.post(`/_fn/${name}`, { data: body.toString(), headers });
  }

  /** Calls a function that must succeed. */
  async call<T = unknown>(name: string, fields: Fields = {}): Promise<T> {
    const answer = await this.send(name, fields);
    if (!answer.ok()) throw new Error(`${name} answered ${answer.status()}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  get(path: string): Promise<APIResponse> {
    return this.http.get(path);
  }

  async cookies(): Promise<Cookies> {
    return (await this.http.storageState()).cookies;
  }

  close(): Promise<void> {
    return this.http.dispose();
  }
}

/** An app of the test's own. */
export class App {
  constructor(
    readonly api: Api,
    readonly org: string,
    readonly name: string,
    readonly display: string,
  ) {}

  /** Such as `/apps/t1/chat/groups`. */
  path(rest: string): string {
    return `/apps/${this.org}/${this.name}/${rest}`;
  }

  /** A group's page, or one of its tabs: `members`, `announcement`, `files`, `messages`, `block-list`, `mutes`, `allow-list`, `activity`. */
  groupPath(id: string, tab = ""): string {
    return this.path(`groups/${encodeURIComponent(id)}${tab && `/${tab}`}`);
  }

  /** `/apps/…/groups?dialog=delete&ids=…` */
  dialog(list: string, dialog: string, ids: string[] = []): string {
    const query = new URLSearchParams([["dialog", dialog], ...ids.map((id) => ["ids", id])]);
    return `${this.path(list)}?${query}`;
  }

  private get key(): Fields {
    return { org: this.org, app: this.name };
  }

  call<T = unknown>(name: string, fields: Fields = {}): Promise<T> {
    return this.api.call<T>(name, { ...this.key, ...fields });
  }

  send(name: string, fields: Fields = {}): Promise<APIResponse> {
    return this.api.send(name, { ...this.key, ...fields });
  }

  /** Returns the group's id. */
  group({ name, type = "Public", owner = "", group_id = "" }: NewGroup): Promise<string> {
    return this.call<string>("group/create", {
      "input[name]": name,
      "input[type]": type,
      "input[owner]": owner,
      "input[group_id]": group_id,
    });
  }

  /** Returns the username. */
  async account({ username, type = "General", nickname = "", image = "" }: NewAccount): Promise<string> {
    const fields = { "input[type]": type, "input[username]": username, "input[nickname]": nickname, "input[image]": image };
    await this.call("account/create", fields);
    return username;
  }

  /** In order, so that the last one is the newest. */
  async groups(all: NewGroup[]): Promise<string[]> {
    const ids = [];
    for (const one of all) ids.push(await this.group(one));
    return ids;
  }

  /** In any order. */
  accounts(all: NewAccount[]): Promise<string[]> {
    return each(all, (one) => this.account(one));
  }

  members(group_id: string, usernames: string[]): Promise<Report> {
    return this.call<Report>("member/add", { group_id, usernames: usernames.join("\n") });
  }

  message(ids: string[], text: string): Promise<Report> {
    return this.call<Report>("message/send", { ids, text });
  }
}

/** Does it for all, a few at a time. */
export async function each<A, B>(all: A[], todo: (one: A) => Promise<B>): Promise<B[]> {
  const answers = new Array<B>(all.length);
  let next = 0;
  const work = async () => {
    for (let mine = next++; mine < all.length; mine = next++) answers[mine] = await todo(all[mine] as A);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return answers;
}

/** `count` things that are numbered from 1, with leading zeros. */
export function numbered<T>(count: number, make: (number: string) => T): T[] {
  const width = String(count).length;
  return Array.from({ length: count }, (_, n) => make(String(n + 1).padStart(width, "0")));
}
