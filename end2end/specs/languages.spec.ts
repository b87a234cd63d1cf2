// Three languages and two themes: chosen by the browser at first, by the operator later, and remembered.
import { openList } from "../support/lists.js";
import { speak } from "../support/own.js";
import {
  Api,
  type Page,
  cookiesOf,
  dialog,
  expect,
  hasJs,
  menu,
  open,
  ready,
  row,
  signInWith,
  test,
} from "../support/test.js";

const LANGUAGES = [
  {
    word: "zh",
    tag: "zh-Hans",
    name: "简体中文",
    locale: "zh-CN",
    signIn: "登录",
    menu: "语言",
    groups: {
      title: "群组管理",
      columns: ["群 ID", "群名称", "群主", "类型", "创建时间", "成员", "操作"],
      buttons: ["发送消息", "解散群组"],
      add: "添加群组",
      fields: ["群名称", "群主 ID", "群类型"],
      types: ["好友工作群", "陌生人社交群", "临时会议群", "直播群"],
      ok: "确定",
      details: "查看详情",
      facts: ["群 ID", "群名称", "群类型", "群主", "创建时间", "群简介"],
      sections: ["基本信息", "群成员管理"],
      membersTab: /^成员/,
      members: ["用户名", "昵称", "加入时间", "最后发言时间", "成员身份"],
      addMember: "添加群成员",
      deleteMembers: "删除群成员",
      owner: "群主",
    },
    accounts: {
      title: "帐号管理",
      columns: ["用户名", "昵称", "类型", "头像", "创建时间", "操作"],
      buttons: ["批量删除", "批量导出"],
      create: "新建帐号",
      fields: ["帐号类型", "用户名", "昵称", "头像"],
      types: ["普通", "管理员"],
      edit: "编辑：ada",
      editTitle: "编辑帐号",
      profile: ["性别", "生日", "所在地", "个性签名", "加好友验证方式", "语言", "消息设置", "管理员禁止加好友标识", "等级", "角色"],
      genders: ["没设置", "女性", "男性"],
      bytes: "2 / 32 字节",
      required: "请填写此字段。",
      confirm: "确认",
      results: "共 1 条",
      time: /^\d{4}-\d\d-\d\d \d\d:\d\d$/,
      age: /刚刚|分钟前/,
    },
  },
  {
    word: "ko",
    tag: "ko",
    name: "한국어",
    locale: "ko-KR",
    signIn: "로그인",
    menu: "언어",
    groups: {
      title: "그룹 관리",
      columns: ["그룹 ID", "그룹 이름", "그룹 소유자", "유형", "생성 시간", "구성원", "작업"],
      buttons: ["메시지 발송", "그룹 해산"],
      add: "그룹 추가",
      fields: ["그룹 이름", "그룹 소유자 ID", "그룹 유형"],
      types: ["업무 그룹", "공개 그룹", "미팅 그룹", "라이브 방송 그룹"],
      ok: "확인",
      details: "상세 보기",
      facts: ["그룹 ID", "그룹 이름", "그룹 유형", "그룹 소유자", "생성 시간", "그룹 소개"],
      sections: ["기본 정보", "그룹 구성원 관리"],
      membersTab: /^구성원/,
      members: ["사용자 이름", "닉네임", "참여 시간", "마지막 발언 시간", "구성원 역할"],
      addMember: "그룹 구성원 추가",
      deleteMembers: "그룹 구성원 삭제",
      owner: "그룹 소유자",
    },
    accounts: {
      title: "계정 관리",
      columns: ["사용자 이름", "닉네임", "유형", "프로필 사진", "생성 시간", "작업"],
      buttons: ["일괄 삭제", "일괄 내보내기"],
      create: "계정 생성",
      fields: ["계정 유형", "사용자 이름", "닉네임", "프로필 사진"],
      types: ["일반", "관리자"],
      edit: "편집: ada",
      editTitle: "계정 편집",
      profile: ["성별", "생년월일", "위치", "개인 서명", "친구 요청 인증", "언어", "메시지 설정", "친구 맺기", "레벨", "역할"],
      genders: ["미설정", "여성", "남성"],
      bytes: "2 / 32바이트",
      required: "이 항목을 입력하세요.",
      confirm: "확인",
      results: "결과 1개",
      time: /^\d{4}\. \d+\. \d+\. \d\d:\d\d$/,
      age: /방금|분 전/,
    },
  },
] as const;

async function expectLanguage(page: Page, tag: string): Promise<void> {
  await expect(page.locator("html")).toHaveAttribute("lang", tag);
}

async function choosePreference(page: Page, menuName: string, choice: string): Promise<void> {
  await (await menu(page, menuName)).getByRole("button", { name: choice, exact: true }).click();
}

for (const [locale, tag, title] of [
  ["zh-TW", "zh-Hans", "登录"],
  ["ko-KR", "ko", "로그인"],
] as const) {
  test.describe(() => {
    test.use({ locale });
    test(`the sign-in page speaks the browser's language: ${locale}`, { tag: "@js" }, async ({ page }) => {
      await open(page, "/sign-in");
      await expectLanguage(page, tag);
      await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
      await expect(page.getByRole("button", { name: title })).toBeVisible();
      await expect(page).toHaveTitle(`${title} · Roster`);
    });
  });
}

test("a language chosen before sign-in stays in this browser", async ({ page, operator }) => {
  const { name, password } = await operator("viewer");
  await open(page, "/sign-in?next=%2Fme");
  await choosePreference(page, "Language", "한국어");
  await expectLanguage(page, "ko");
  await expect(page.getByRole("heading", { level: 1, name: "로그인" })).toBeVisible();
  await expect(page, "still on its way").toHaveURL(/next=/);
  await ready(page);
  await page.getByLabel("이름", { exact: true }).fill(name);
  await page.getByLabel("비밀번호", { exact: true }).fill(password);
  await page.getByRole("button", { name: "로그인" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "내 계정" })).toBeVisible();
  await expect(page).toHaveURL("/me");
});

for (const { word, tag, name: own, menu: menuName, groups } of LANGUAGES) {
  test(`the operator's choice of ${word} is remembered in every session`, async ({ page, app, roster, operator }) => {
    const { name, password, cookies } = await operator("viewer");
    await signInWith(page, cookies);
    const path = app.path("groups?type=Work&sort=name");
    await open(page, path);
    await expectLanguage(page, "en");
    await choosePreference(page, "Language", own);
    await expectLanguage(page, tag);
    await expect(page.getByRole("heading", { level: 1, name: groups.title })).toBeVisible();
    await expect(page, "the same page").toHaveURL(path);
    await ready(page);

    await signInWith(page, await cookiesOf(roster, name, password));
    await open(page, path);
    await expectLanguage(page, tag);
    await expect(page.getByRole("heading", { level: 1, name: groups.title })).toBeVisible();
    const choices = await menu(page, menuName);
    await expect(choices.getByRole("button", { name: own })).toHaveAttribute("aria-current", "true");
    await expect(choices.getByRole("button", { name: "English" })).not.toHaveAttribute("aria-current");
    await choices.getByRole("button", { name: "English" }).click();
    await expectLanguage(page, "en");
    await expect(page.getByRole("heading", { level: 1, name: "Group Management" })).toBeVisible();
  });
}

for (const { word, tag, groups, accounts } of LANGUAGES) {
  test(`the documents' own words: ${word}`, { tag: "@js" }, async ({ page, app, roster, operator, problems }) => {
    problems.expect(/account\/create$/, 422);
    await app.account({ username: "ada" });
    await app.group({ name: "Lunch", owner: "ada" });
    const { cookies } = await operator("admin");
    const session = await Api.of(roster.url, cookies);
    await speak(session, word);
    await session.close();
    await signInWith(page, cookies);

    await test.step(groups.title, async () => {
      await openList(page, app, "groups");
      await expectLanguage(page, tag);
      await expect(page).toHaveTitle(`${groups.title} · Roster`);
      await expect(page.getByRole("navigation").getByRole("link", { name: groups.title })).toHaveAttribute("aria-current", "page");
      const columns = page.getByRole("columnheader");
      await expect(columns).toHaveCount(8);
      await expect(columns.filter({ hasText: /\S/ }).filter({ hasNotText: /^(选择|선택)$/ })).toHaveText([...groups.columns]);
      for (const name of groups.buttons) await expect(page.getByRole("button", { name })).toBeVisible();
      await page.getByRole("link", { name: groups.add }).click();
      const add = dialog(page, groups.add);
      for (const label of groups.fields) await expect(add.getByLabel(label, { exact: true })).toBeVisible();
      await expect(add.getByLabel(groups.fields[2]).getByRole("option")).toHaveText([...groups.types]);
      await expect(add.getByRole("button", { name: groups.ok })).toBeVisible();
    });

    await test.step(groups.details, async () => {
      await openList(page, app, "groups");
      await row(page, "Lunch").getByRole("link", { name: groups.details }).click();
      const [facts, members] = groups.sections.map((name) => page.getByRole("heading", { level: 2, name }));
      await expect(facts).toBeVisible();
      for (const term of groups.facts) {
        await expect(page.getByRole("term").filter({ hasText: new RegExp(`^${term}$`) })).toBeVisible();
      }
      await page.getByRole("navigation").getByRole("link", { name: groups.membersTab }).click();
      await expect(members).toBeVisible();
      for (const name of groups.members) await expect(page.getByRole("columnheader", { name, exact: true })).toBeVisible();
      await expect(page.getByRole("link", { name: groups.addMember })).toBeVisible();
      await expect(page.getByRole("button", { name: groups.deleteMembers })).toBeVisible();
      await expect(row(page, "ada").getByRole("cell", { name: groups.owner, exact: true })).toBeVisible();
    });

    await test.step(accounts.title, async () => {
      await openList(page, app, "accounts");
      await expect(page.getByRole("heading", { level: 1, name: accounts.title })).toBeVisible();
      const columns = page.getByRole("columnheader");
      await expect(columns).toHaveCount(7);
      await expect(columns.filter({ hasText: /\S/ }).filter({ hasNotText: /^(选择|선택)$/ })).toHaveText([...accounts.columns]);
      for (const name of accounts.buttons) await expect(page.getByRole("button", { name })).toBeVisible();
      await expect(page.getByText(accounts.results)).toBeVisible();
      await expect(row(page, "ada").getByRole("time")).toHaveText(accounts.time);
      await expect(row(page, "ada").getByRole("time")).toHaveAttribute("title", accounts.age);
    });

    await test.step(accounts.create, async () => {
      await open(page, app.dialog("accounts", "create"));
      const create = dialog(page, accounts.create);
      for (const label of accounts.fields) await expect(create.getByLabel(label, { exact: true })).toBeVisible();
      await expect(create.getByLabel(accounts.fields[0]).getByRole("option")).toHaveText([...accounts.types]);
      const username = create.getByLabel(accounts.fields[1]);
      if (hasJs()) {
        await username.fill("ab");
        await expect(create.getByText(accounts.bytes)).toBeVisible();
        await username.fill("");
      }
      await create.getByRole("button", { name: accounts.confirm }).click();
      await expect(username).toHaveAccessibleDescription(new RegExp(accounts.required));
      await ready(page);
    });

    await test.step(accounts.editTitle, async () => {
      await openList(page, app, "accounts");
      await page.getByRole("link", { name: accounts.edit }).click();
      const edit = dialog(page, accounts.editTitle);
      for (const label of accounts.profile) await expect(edit.getByLabel(label, { exact: true })).toBeVisible();
      await expect(edit.getByLabel(accounts.profile[0]).getByRole("option")).toHaveText([...accounts.genders]);
    });
  });
}

test("the theme is the system's until one is chosen, and the choice is remembered", async ({ page, roster, operator }) => {
  const { name, password, cookies } = await operator("viewer");
  const root = page.locator("html");
  const scheme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await signInWith(page, cookies);
  await page.emulateMedia({ colorScheme: "light" });
  await open(page, "/me");
  await expect(root).toHaveAttribute("data-theme", "auto");
  const light = await ground();
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await ground();
  expect(dark).not.toBe(light);

  await choosePreference(page, "Theme", "Light");
  await expect(root).toHaveAttribute("data-theme", "light");
  await ready(page);
  expect(await ground()).toBe(light);
  expect(await scheme()).toBe("light");

  await page.emulateMedia({ colorScheme: "light" });
  await choosePreference(page, "Theme", "Dark");
  await expect(root).toHaveAttribute("data-theme", "dark");
  await ready(page);
  expect(await ground()).toBe(dark);
  expect(await scheme()).toBe("dark");

  await signInWith(page, await cookiesOf(roster, name, password));
  await open(page, "/");
  await expect(root).toHaveAttribute("data-theme", "dark");
  const choices = await menu(page, "Theme");
  await expect(choices.getByRole("button", { name: "Dark" })).toHaveAttribute("aria-current", "true");
  await choices.getByRole("button", { name: "Same as system" }).click();
  await expect(root).toHaveAttribute("data-theme", "auto");
});
