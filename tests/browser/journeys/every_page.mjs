// Every page that a role can open from its menus, in Vietnamese and in English: nothing for axe to find in light and dark, no
// sideways scroll, no text key in place of a text. Nobody changes anything, so all roles look at one program.
//
// A page is opened once in each language, and each time it is asked what only this look at it can find:
// - on a phone in Vietnamese everything, in light and dark;
// - spread out on a desk screen where it stands: the screens differ in the stylesheet alone, so what a layout can break, kinds of text not
//   yet seen there, and all of what is in sight only there; that a page also loads there is what the other journeys see;
// - on a screen between the two and on paper: whether its tables fit;
// - in English: what things are called, and whether it fits. English is the longer language, so the narrow screen is where it may not.
// On PostgreSQL a page can fail by what it asks of the database, in either language and on any screen: it is asked for once, and has to come.
import assert from 'node:assert/strict';
import { DESK, PHONE, SQLITE, walks } from '../lib/journey.mjs';
import { PAGES } from '../lib/pages.mjs';

// Who has most to look at begins, so that nobody is left to walk alone at the end.
const roles = Object.entries(PAGES).sort(([, one], [, other]) => other.length - one.length);

walks('every page', roles.map(([role, paths]) => ({
  name: role,
  async walk({ server, arrive, database }) {
    const visitor = await arrive(role, { everywhere: database === SQLITE });
    const { page } = visitor;
    if (server.people.has(role)) await visitor.signIn(await server.link(role));
    else await page.goto('/');
    if (database !== SQLITE) {
      for (const path of paths) {
        const answer = await page.request.get(path);
        assert.equal(answer.status(), 200, `${role} ${path}`);
        assert.match(await answer.text(), /<h1[ >]/, `${role} ${path} has a heading`);
      }
      return;
    }
    for (const path of paths) {
      await page.goto(path);
      await visitor.check(`${role} ${path} vi`);
      await visitor.checkSpreadOut(`${role} ${path} vi, wide`, DESK);
    }
    await visitor.pressInHeader('English');
    await page.locator('html[lang=en]').waitFor();
    for (const path of paths) {
      await page.goto(path);
      await visitor.checkWords(`${role} ${path} en`);
      await visitor.checkMenu(`${role} ${path} en, wide`, DESK);
    }
  },
})), { screens: [PHONE] });
