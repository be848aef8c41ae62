// Every page that a role can open from its menus, in Vietnamese and in English: nothing for axe to find in light and dark, no
// sideways scroll, no text key in place of a text. Nobody changes anything, so all roles look at one program.
import { walks } from '../lib/journey.mjs';
import { PAGES } from '../lib/pages.mjs';

walks('every page', Object.entries(PAGES).map(([role, paths]) => ({
  name: role,
  async walk({ server, arrive, narrow }) {
    const visitor = await arrive(role);
    if (server.links[role]) await visitor.signIn(server.link(role));
    else await visitor.page.goto('/');
    // English is the longer one, so the narrow screen is where it may not fit.
    for (const language of narrow ? ['vi', 'en'] : ['vi']) {
      if (language === 'en') await visitor.pressInHeader('English');
      await visitor.page.locator(`html[lang=${language}]`).waitFor();
      for (const path of paths) {
        await visitor.page.goto(path);
        await visitor.check(`${role} ${path} ${language}`);
      }
    }
    // The language is the person's, and the person comes again on another screen.
    if (narrow) await visitor.pressInHeader('Tiếng Việt');
  },
})));
