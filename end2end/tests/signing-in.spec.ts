import { accessible, at, expect, once, signIn, test } from './portal';

test('a stranger is led to the sign-in page and back to where he wanted to go', async ({ stranger: page }) => {
  await page.goto(at('/apps?sort=name'));
  await expect(page).toHaveURL(/signin\?next=/);
  await accessible(page);
  await page.locator('input[name=name]').fill('admin');
  await page.locator('input[name=password]').fill(process.env.QS_ADMIN_PASSWORD!);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/apps\?sort=name$/);
});

test('a wrong password says so in one sentence that does not tell whether the name exists', once, async ({ stranger: page }) => {
  const said: string[] = [];
  for (const name of ['admin', 'nobody-by-this-name']) {
    await page.goto(at('/signin'));
    await page.locator('input[name=name]').fill(name);
    await page.locator('input[name=password]').fill('surely not this one');
    await page.getByRole('button', { name: 'Sign in' }).click();
    said.push((await page.getByRole('alert').innerText()).trim());
    await expect(page.locator('input[name=password]')).toHaveValue('');
  }
  expect(said[0]).toBe(said[1]);
});

test('the sign-in page needs no script and loads no wasm', async ({ apart }) => {
  const context = await apart({ javaScriptEnabled: false });
  const page = await context.newPage();
  const loaded: string[] = [];
  page.on('request', (request) => loaded.push(request.url()));
  await page.goto(at('/signin'), { waitUntil: 'networkidle' });
  expect(loaded.filter((url) => /\.(wasm|js)$/.test(url))).toEqual([]);
  await signIn(page, 'admin', process.env.QS_ADMIN_PASSWORD!);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Apps/);
});

test('signing out ends the session', async ({ apart, baseURL, quiet }) => {
  // Its socket may ask once more before the page has gone.
  quiet.except(/WebSocket connection .* HTTP Authentication failed/);
  const context = await apart();
  const page = await context.newPage();
  await signIn(page, 'admin', process.env.QS_ADMIN_PASSWORD!);
  const cookies = await context.cookies();
  const cookie = cookies.find((c) => c.name === 'quayside_session')!;
  expect(cookie.httpOnly).toBe(true);
  expect(cookie.sameSite).toBe('Lax');
  expect(cookie.path).toBe(new URL(baseURL!).pathname.replace(/(.)\/$/, '$1'));
  const answer = await context.request.post(at('/signout'), { headers: { 'sec-fetch-site': 'same-origin' }, maxRedirects: 0 });
  expect(answer.status()).toBe(303);
  await expect(page, 'the open page hears of it').toHaveURL(/signin/);
  await context.addCookies(cookies);
  await page.goto(at('/apps'));
  await expect(page, 'and the cookie opens nothing').toHaveURL(/signin/);
});

test('a link to another site is not followed after signing in', async ({ stranger: page }) => {
  await page.goto(at('/signin?next=//evil.example/'));
  await page.locator('input[name=name]').fill('admin');
  await page.locator('input[name=password]').fill(process.env.QS_ADMIN_PASSWORD!);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/apps$/);
});
