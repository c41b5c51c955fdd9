// Drives the pages in a real browser: node run.mjs ADDRESS CHROMIUM [FOLDER for screenshots]
// Prints a line for each thing that holds; the first that does not ends it with status 1.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(import.meta.url);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const [address, executablePath] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const complaints = [];
const foreign = [];

function fail(what) {
  throw new Error(what);
}
const holds = (what, is, detail = "") => {
  if (!is) fail(`${what} ${detail}`);
  console.log(`ok ${what}`);
};

const open = async (options = {}) => {
  // axe is put into the page by the test, which the pages' own policy would forbid.
  const context = await browser.newContext({ bypassCSP: true, reducedMotion: "reduce", viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  page.on("console", (message) => { if (message.type() === "error") complaints.push(`${page.url()}: ${message.text()}`); });
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error}`));
  page.on("request", (request) => { if (!request.url().startsWith(address)) foreign.push(request.url()); });
  return page;
};

const clean = async (page, name) => {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  holds(`axe finds nothing on ${name}`, violations.length === 0,
    JSON.stringify(violations.map((v) => [v.id, v.nodes.map((n) => n.target.join(" ") + " " + n.any.map((a) => a.message).join("; ")).slice(0, 4)]), null, 1));
};

try {
  const page = await open();
  const unfocus = () => page.evaluate(() => document.activeElement.blur());

  // Search, by keyboard.
  await page.goto(`${address}/`);
  await page.keyboard.press("Escape");
  await unfocus();
  await page.keyboard.press("/");
  await page.keyboard.type('"$400 million"');
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=/);
  const total = async () => parseInt(await page.locator(".hits h1").getAttribute("data-total"), 10);
  const all = await total();
  holds("a search by keyboard finds passages", all > 0);
  holds("the receipt says how it was read", (await page.locator(".read-as").innerText()).includes("USD 400000000"));

  // A facet narrows.
  await page.goto(`${address}/?q=stolen`);
  const before = await total();
  await page.locator('.facet input[name="kind"][value="wallet"]').check();
  await page.waitForURL(/kind=wallet/);
  holds("a facet narrows the results", (await total()) < before && (await page.locator('.facet input[value="wallet"]').isChecked()));
  await page.locator(".chart a.bar").first().click();
  await page.waitForURL(/amount=/);
  holds("a bar of the histogram filters", (await page.locator(".chosen li").count()) >= 2);

  // Brushing: from one bar to another chooses all between them.
  for (const [name, param] of [["amount", "amount"], ["dates", "dates"]]) {
    await page.goto(`${address}/?q=stolen`);
    const bars = page.locator(`.chart[data-brush="${name}"] a.bar`);
    const count = await bars.count();
    const [from, to] = [count - 3, count - 1];
    const values = await bars.evaluateAll((all) => all.map((bar) => bar.dataset.value));
    const middle = async (i) => {
      const { x, y, width, height } = await bars.nth(i).locator(".room").boundingBox();
      return [x + width / 2, y + height / 2];
    };
    await page.mouse.move(...await middle(from));
    await page.mouse.down();
    await page.mouse.move(...await middle(from + 1));
    await page.mouse.move(...await middle(to));
    await page.mouse.up();
    await page.waitForURL((url) => url.searchParams.has(param));
    const chosen = new URL(page.url()).searchParams.getAll(param);
    const wanted = name === "dates" ? [`${values[from]}..${values[to]}`] : values.slice(from, to + 1);
    holds(`brushing the chart of ${name} chooses what was brushed`, JSON.stringify(chosen) === JSON.stringify(wanted), JSON.stringify({ chosen, wanted }));
    holds(`and shows it as a filter`, (await page.locator(".chosen li").count()) === wanted.length + 1 && (await page.locator(`.chart[data-brush="${name}"] .chosen`).count()) > 1);
    const api = await page.request.get(`${address}/api/v1/search${new URL(page.url()).search}`).then((r) => r.json());
    holds(`the address gives the same as rows`, api.total === await total());
  }

  // Hits stand under their documents; all of them are one link away.
  await page.goto(`${address}/?q=stolen`);
  const groups = await page.locator(".group h2").allInnerTexts();
  holds("each document is one group", groups.length > 1 && new Set(groups).size === groups.length, groups.join("; "));
  const group = page.locator(".group").filter({ has: page.locator(".more") }).first();
  const told = parseInt(await group.locator(".more a").innerText(), 10);
  const shown = await group.locator(".hit").count();
  await group.locator(".more a").click();
  await page.waitForURL(/by=passage/);
  holds("the other passages of a document are a link away", (await page.locator(".hit").count()) >= Math.min(20, told + shown), `${told} + ${shown}`);
  await page.goBack();
  const rows = await page.request.get(await page.locator('.export a[href*=".jsonl"]').evaluate((a) => a.href)).then((r) => r.text());
  holds("the whole result is a link away", rows.trim().split("\n").length === await total());
  await page.locator(".facet", { hasText: "Names" }).locator(".narrow").fill("kuco");
  const names = await page.locator(".facet", { hasText: "Names" }).locator("li:visible").allInnerTexts();
  holds("a facet is searched in", names.length > 0 && names.every((n) => /kuco/i.test(n)), names.join("; "));

  // The walk by keys: j, k.
  await page.goto(`${address}/?q=stolen`);
  await unfocus();
  const here_now = () => page.locator(".hit").evaluateAll((all) => all.findIndex((hit) => hit.classList.contains("now")));
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  holds("j twice goes to the second result", await here_now() === 1);
  await page.keyboard.press("k");
  holds("k goes back to the first", await here_now() === 0);

  // j, Enter: the page, with the box where the text stands.
  await page.goto(`${address}/?q=${encodeURIComponent('"$400 million"')}&document=chainalysis-2022`);
  await unfocus();
  await page.keyboard.press("j");
  holds("j goes to the first result", await page.locator(".hit.now").count() === 1);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/document\//);
  const sha = page.url().match(/document\/([0-9a-f]{64})\/page\/(\d+)/);
  const picture = page.locator(".picture img");
  await picture.evaluate((img) => img.decode());
  const row = await page.request.get(`${address}/api/v1/documents/${sha[1]}/pages/${sha[2]}`).then((r) => r.json());
  const mention = row.mentions.find((m) => m.surface.includes("$400 million"));
  const [x0, y0, x1, y1] = mention.boxes[0];
  const frame = await picture.boundingBox();
  const box = await page.locator(`.box[data-mention="m${mention.span.start}"]`).first().boundingBox();
  const scale = frame.width / row.page.width;
  const tall = page.viewportSize().height;
  const inSight = async (selector) => {
    const { y, height } = await page.locator(selector).first().boundingBox();
    return y >= 0 && y + height <= tall;
  };
  await page.waitForTimeout(300);
  holds("the passage and its box are in sight together", (await inSight("#at")) && (await inSight(".boxes rect.passage")));
  const near = (a, b) => Math.abs(a - b) < 3;
  holds("the box stands where the text stands", near(box.x, frame.x + x0 * scale) && near(box.y, frame.y + y0 * scale) && near(box.width, (x1 - x0) * scale), JSON.stringify({ box, frame, place: mention.boxes[0] }));
  const ink = await picture.evaluate((img, [l, t, r, b, width]) => {
    const canvas = document.createElement("canvas");
    canvas.width = img.naturalWidth;
    canvas.height = img.naturalHeight;
    const context = canvas.getContext("2d");
    context.drawImage(img, 0, 0);
    const k = img.naturalWidth / width;
    const { data } = context.getImageData(l * k, t * k, (r - l) * k, (b - t) * k);
    let dark = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i] < 120) dark += 1;
    return dark / (data.length / 4);
  }, [x0, y0, x1, y1, row.page.width]);
  holds("there is ink under the box", ink > 0.03, `${ink}`);
  holds("the passage is boxed too", (await page.locator(".boxes .passage").count()) > 0);

  // Next hit by key.
  const here = page.url();
  await unfocus();
  await page.keyboard.press("n");
  await page.waitForURL((url) => url.toString() !== here);
  holds("n goes to the next hit", page.url().includes("at="));
  await unfocus();
  await page.keyboard.press("p");
  await page.waitForURL(here);
  holds("p goes back", true);
  await page.keyboard.press("?");
  holds("? shows the sheet", await page.locator("#sheet").isVisible());
  await page.keyboard.press("Escape");
  await page.keyboard.press("u");
  await page.waitForURL((url) => url.pathname === "/");
  holds("u goes back to the results", true);

  // n leads through the hits of a document into the next document, p back.
  await page.goto(`${address}/?q=${encodeURIComponent('"$400 million"')}&by=document`);
  await page.locator(".hit a.open").first().click();
  await page.waitForURL(/\/document\//);
  const walked = [];
  const fingerprint = () => new URL(page.url()).pathname.split("/")[2];
  for (let i = 0; i < 12 && new Set(walked).size < 2; i += 1) {
    walked.push(fingerprint());
    const before = page.url();
    await unfocus();
    await page.keyboard.press("n");
    await page.waitForURL((url) => url.toString() !== before);
    walked.push(fingerprint());
  }
  holds("n goes on in the next document", new Set(walked).size === 2, walked.join(" "));
  holds("and opens it at the passage", await page.locator("#at").count() === 1);
  const [left, came] = [walked[walked.length - 2], page.url()];
  await unfocus();
  await page.keyboard.press("p");
  await page.waitForURL((url) => url.toString() !== came);
  holds("p goes back into the one before", fingerprint() === left);

  // A citation in each form; the original.
  const forms = await page.locator(".citation details").evaluateAll((all) => all.map((one) => [one.querySelector("summary").innerText, one.querySelector("pre").textContent]));
  holds("a passage is cited in four forms", forms.length === 4 && forms.every(([, text]) => text.length > 40), JSON.stringify(forms.map(([name]) => name)));
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await unfocus();
  await page.keyboard.press("c");
  await page.waitForFunction(() => document.querySelector("#said").textContent !== "");
  holds("c copies the citation", (await page.evaluate(() => navigator.clipboard.readText())) === forms[0][1]);
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator('a[download]', { hasText: "original" }).click()]);
  holds("the original is a link away", /\.(pdf|html|txt|docx|md)$/.test(download.suggestedFilename()), download.suggestedFilename());

  // A footnote mark leads to its note, and the note back to the mark.
  const report_of = (await page.request.get(`${address}/api/v1/documents`).then((r) => r.json())).account.find((row) => row.source === "panel-2022.pdf");
  await page.goto(`${address}/document/${report_of.sha256}/page/2`);
  const mark = page.locator(".note-mark a").first();
  const [number, place] = [await mark.innerText(), await mark.getAttribute("id")];
  await mark.click();
  const note = page.locator("a.number:target");
  holds("a footnote mark leads to its note", (await note.innerText()) === number && (await note.evaluate((a) => a.parentElement.textContent)).startsWith(`${number} S/`), await note.evaluate((a) => a.parentElement.textContent));
  await note.click();
  holds("and the note back to its mark", new URL(page.url()).hash === `#${place}`);

  // Find in document, without a query before.
  await page.goto(`${address}/document/${sha[1]}/page/1`);
  await page.locator(".find input").fill("KuCoin");
  await page.locator(".find input").press("Enter");
  await page.waitForURL(/q=KuCoin/);
  holds("find in document lists its hits", (await page.locator(".in-document li").count()) > 0);

  // Verify.
  await page.goto(`${address}/verify`);
  await page.locator("#claim").fill("Nearly $400 million of virtual assets was stolen in 2021.");
  await page.locator(".claim-form button").click();
  await page.waitForSelector(".verdict");
  holds("a claim gets a verdict with slots", (await page.locator(".slots tr").count()) > 1);
  holds("and evidence", (await page.locator(".card").count()) > 0);
  const strip = page.locator(".card .strip-of-page").first();
  const [whole, boxed] = [await strip.boundingBox(), await strip.locator("rect.box").first().boundingBox()];
  holds("the figure is boxed on its page", boxed.width > 5 && boxed.x > whole.x && boxed.x + boxed.width < whole.x + whole.width && boxed.y > whole.y && boxed.y + boxed.height < whole.y + whole.height, JSON.stringify({ whole, boxed }));
  const drawn = await page.locator(".lineage svg a").count();
  const list = await page.locator(".lineage .carriers > li").count();
  holds("its lineage is drawn, and listed beside the picture", drawn > 1 && drawn === list, `${drawn} ${list}`);
  const days = await page.locator(".lineage svg .day").evaluateAll((all) => all.map((day) => [day.textContent, day.getBoundingClientRect().y]));
  holds("down the days", days.every(([day, y], i) => i === 0 || (day >= days[i - 1][0] && y > days[i - 1][1])), JSON.stringify(days));
  const line = await page.request.get(await page.locator(".export a", { hasText: "the lineage" }).evaluate((a) => a.href)).then((r) => r.json());
  holds("the lineage is in the API too", line.lineages[0].documents.length === list);
  await page.locator(".lineage svg a").first().click();
  await page.waitForURL(/\/document\/.*at=/);
  holds("a document of the picture leads to its passage", await page.locator("#at").count() === 1);

  // Check, by paste and by upload.
  const check = async (fill) => {
    await page.goto(`${address}/check`);
    await fill();
    await page.locator(".claim-form button").click();
    await page.waitForURL(/\/check\/[0-9a-f]{64}/);
    return page.locator(".figures-of > .verdict").count();
  };
  const pasted = await check(() => page.locator("#text").fill("Nearly $400 million was stolen in 2021. Nobody lost $17.25 million."));
  holds("a pasted article is checked", pasted === 2, `${pasted}`);
  await page.locator(".article .figure").first().click();
  holds("a figure of the text leads to its verdict", new URL(page.url()).hash === "#f1" && await page.locator("#f1").isVisible());
  const many = Array.from({ length: 130 }, (_, i) => `Report ${i} says that hackers stole $${i + 1}.25 million in 2021.`).join("\n\n");
  const all_of_many = await check(() => page.locator("#text").fill(many));
  holds("a long article is checked to its end", all_of_many === 130, `${all_of_many}`);
  const upload = (name, mimeType, buffer) => check(() => page.locator("#file").setInputFiles({ name, mimeType, buffer }));
  holds("an uploaded page is checked", await upload("article.html", "text/html", Buffer.from("<h1>News</h1><p>KuCoin lost more than $250 million in September 2020.</p>")) === 1);
  holds("an uploaded text is checked", await upload("article.txt", "text/plain", Buffer.from("KuCoin lost more than $250 million in September 2020.\n")) === 1);
  const panel = (await page.request.get(`${address}/api/v1/documents`).then((r) => r.json())).account.find((row) => row.source === "chainalysis-2022.pdf");
  const pdf = await page.request.get(`${address}/api/v1/documents/${panel.sha256}/source`).then((r) => r.body());
  const of_pdf = await upload("article.pdf", "application/pdf", pdf);
  holds("an uploaded PDF is checked", of_pdf > 5, `${of_pdf}`);
  const own = await page.locator(".card .from").allInnerTexts();
  holds("and is no evidence for itself", own.every((from) => !from.includes("Chainalysis, retold")) && own.length > 0, own.join("; "));
  const link = (end) => page.locator(`.export a[href$="${end}"]`).evaluate((a) => a.href);
  const lines = await page.request.get(await link("verdicts.jsonl")).then((r) => r.text());
  holds("its verdicts are a link away as rows", lines.trim().split("\n").length === of_pdf && JSON.parse(lines.split("\n")[0]).schema === "paydirt.verdict/1");
  const report = await page.request.get(await link("report.html"));
  holds("and as one file", (await report.text()).includes("<h2 id=\"figures\">") && report.headers()["content-disposition"].startsWith("attachment"));
  const checked = new URL(page.url()).pathname;

  // Every page in both schemes, and small.
  const hit = here.slice(address.length);
  const paths = { search: "/?q=stolen", document: hit, corpus: "/corpus", verify: "/verify?claim=" + encodeURIComponent("Nearly $400 million was stolen in 2021."), check: "/check", checked, lineage: "/lineage?of=" + encodeURIComponent("$400 million"), passages: "/?q=stolen&by=passage&copies=apart", help: "/help", error: "/?q=amount%3Aplenty", nowhere: "/nowhere", facet: "/facet/document" };
  await page.context().close();
  for (const colorScheme of ["light", "dark"]) {
    const tab = await open({ colorScheme });
    for (const [name, path] of Object.entries(paths)) {
      await tab.goto(address + path);
      await clean(tab, `${name}, ${colorScheme}`);
    }
    await tab.context().close();
  }
  const small = await open({ viewport: { width: 390, height: 844 } });
  for (const [name, path] of Object.entries(paths)) {
    await small.goto(address + path);
    const over = await small.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    holds(`${name} fits a small screen`, over <= 0, `${over} pixels too wide`);
  }
  await small.context().close();

  // Without JavaScript.
  const plain = await open({ javaScriptEnabled: false });
  await plain.goto(`${address}/?q=stolen`);
  await plain.locator('.facet input[name="kind"][value="wallet"]').check();
  await plain.locator(".apply").click();
  await plain.waitForURL(/kind=wallet/);
  holds("filters work without JavaScript", true);

  // The one complaint expected is the browser's own, about the page that is not there.
  const unexpected = complaints.filter((line) => !line.includes("/nowhere"));
  holds("the console has no error", unexpected.length === 0, unexpected.join("\n"));
  holds("no request leaves the host", foreign.length === 0, foreign.join("\n"));
} catch (error) {
  console.error(`not ok ${error.message}`);
  process.exitCode = 1;
} finally {
  await browser.close();
}
