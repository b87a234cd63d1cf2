import { chromium } from '@playwright/test';
import fs from 'fs';
const SF='/tmp/shots/state.json'; let state = fs.existsSync(SF) ? JSON.parse(fs.readFileSync(SF)) : null;
const base = process.env.BASE || 'http://127.0.0.1:3100';
const args = ['--no-sandbox','--disable-gpu','--disable-quic','--no-first-run','--disable-background-networking','--disable-component-update','--disable-sync'];
const b = await chromium.launch({ executablePath:'/usr/bin/chromium', args });
const [,, ...cmds] = process.argv;
// each cmd: name|path|width|theme|lang|js
for (const c of cmds) {
  const [name, path, w='1440', theme='light', lang='en', js='js'] = c.split('|');
  const ctx = await b.newContext({ baseURL: base, viewport:{width:+w,height:900}, colorScheme: theme, locale: {en:'en-US',zh:'zh-CN',ko:'ko-KR'}[lang], javaScriptEnabled: js==='js' });
  const p = await ctx.newPage();
  p.on('console', m => { if (m.type()!=='log') console.log(name, m.type(), m.text().slice(0,300)); });
  p.on('pageerror', e => console.log(name,'PAGEERROR', String(e).slice(0,600)));
  p.on('requestfailed', r => console.log(name,'FAILED', r.url(), r.failure()?.errorText));
  if (state && !path.startsWith('/sign-in')) { await ctx.addCookies(state); } else { await p.goto('/sign-in'); }
  if (!state && !path.startsWith('/sign-in') && !path.startsWith('/setup')) {
    await p.fill('input[name=name]','admin'); await p.fill('input[name=password]', process.env.PW || 'correct horse battery');
    await p.click('main button[type=submit]'); await p.waitForURL(base+'/'); state = await ctx.cookies(); fs.writeFileSync(SF, JSON.stringify(state));
  }
  await p.goto(path);
  if (js==='js') await p.waitForSelector('html[data-hydrated]',{timeout:20000, state:'attached'}).catch(()=>console.log(name,'NOT HYDRATED'));
  await p.waitForTimeout(300);
  await p.screenshot({ path:`/tmp/shots/${name}.png`, fullPage: process.env.FULL==='1' });
  await ctx.close();
}
await b.close();
