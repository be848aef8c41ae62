// Every page that a role can open from its menus, in Vietnamese and in English: nothing for axe to find in light and dark, no
// sideways scroll, no text key in place of a text. Nobody changes anything, so all roles look at one program.
//
// A page is opened once in each language. The screens differ in the stylesheet alone, so the page that was looked at on a phone
// is spread out on a desk screen where it stands; that it also loads there is what the other journeys see. English is the
// longer language, so the narrow screen is where it may not fit. On PostgreSQL a page can fail by what it asks of the database,
// in either language and on any screen: it is opened once.
import { SCREENS, walks } from '../lib/journey.mjs';
import { PAGES } from '../lib/pages.mjs';
import { database } from '../lib/server.mjs';

const [phone, desk] = SCREENS;

walks('every page', Object.entries(PAGES).map(([role, paths]) => ({
  name: role,
  async walk({ server, arrive }) {
    const visitor = await arrive(role);
    if (server.links[role]) await visitor.signIn(server.link(role));
    else await visitor.page.goto('/');
    for (const path of paths) {
      await visitor.page.goto(path);
      await visitor.check(`${role} ${path} vi`);
      if (database === 'postgres') continue;
      await visitor.resize(desk);
      await visitor.check(`${role} ${path} vi, wide`);
      await visitor.resize(phone);
    }
    if (database === 'postgres') return;
    await visitor.pressInHeader('English');
    await visitor.page.locator('html[lang=en]').waitFor();
    for (const path of paths) {
      await visitor.page.goto(path);
      await visitor.check(`${role} ${path} en`);
    }
  },
})), { screens: [phone] });
