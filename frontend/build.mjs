// Builds static/dist from frontend/ and node_modules, without network: vigie.css, vigie.js, theme.js, fonts, notices.txt.
// Names carry no hash: WhiteNoise's manifest storage adds it when static files are collected.
import { cp, mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import esbuild from "esbuild";
import * as sass from "sass";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const modules = path.join(root, "node_modules");
const target = path.join(root, "static", "dist");
const work = path.join(modules, `.vigie-${process.pid}`); // same disk as the target, and never committed nor collected
const GZIP_BUDGET = 100 * 1024; // CSS and JS together: what a phone on a bad network must fetch before reading.

const FONTS = ["atkinson-hyperlegible-next", "newsreader"];
const FONT_FILES = /-(latin|latin-ext)-wght-(normal|italic)\.woff2$/;
const SHIPPED = [
  "govuk-frontend",
  "@ministryofjustice/frontend",
  "htmx.org",
  ...FONTS.map((name) => `@fontsource-variable/${name}`),
];

async function buildStyles() {
  const { css } = await sass.compileAsync(path.join(root, "frontend", "sass", "vigie.scss"), {
    loadPaths: [modules, root],
    style: "compressed",
    quietDeps: true,
  });
  // An icon of a component part that we do not use: its file is not shipped, and the manifest storage would look for it.
  const own = css.replaceAll(/background-image:url\(\/assets\/[^)]*\);?/g, "");
  await writeFile(path.join(work, "vigie.css"), `${own}\n`);
}

async function buildScripts() {
  const common = {
    absWorkingDir: root,
    bundle: true,
    minify: true,
    target: ["es2022"],
    legalComments: "none", // the licences are in notices.txt
    logLevel: "warning",
  };
  await esbuild.build({ ...common, entryPoints: ["frontend/js/vigie.js"], format: "esm", outfile: path.join(work, "vigie.js") });
  await esbuild.build({ ...common, entryPoints: ["frontend/js/theme.js"], format: "iife", outfile: path.join(work, "theme.js") });
}

async function copyFonts() {
  const fonts = path.join(work, "fonts");
  await mkdir(fonts);
  for (const name of FONTS) {
    const source = path.join(modules, "@fontsource-variable", name, "files");
    for (const file of (await readdir(source)).filter((each) => FONT_FILES.test(each))) {
      await cp(path.join(source, file), path.join(fonts, file));
    }
  }
}

async function licenceText(folder, manifest) {
  const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
  if (file) return readFile(path.join(folder, file), "utf8");
  // Two of the packages ship no licence file; their repositories hold the standard text.
  const standard = await readFile(path.join(root, "frontend", "licences", `${manifest.license}.txt`), "utf8");
  const holder = typeof manifest.author === "string" ? manifest.author : (manifest.author?.name ?? manifest.name);
  return standard.replace("{holder}", holder);
}

async function writeNotices() {
  const parts = [];
  for (const name of SHIPPED) {
    const folder = path.join(modules, name);
    const manifest = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
    const text = await licenceText(folder, manifest);
    parts.push(`${manifest.name} ${manifest.version} – ${manifest.license}\n\n${text.trim()}\n`);
  }
  await writeFile(path.join(work, "notices.txt"), parts.join(`\n${"-".repeat(78)}\n\n`));
}

async function weigh() {
  let total = 0;
  for (const name of ["vigie.css", "vigie.js", "theme.js"]) {
    const size = gzipSync(await readFile(path.join(work, name)), { level: 9 }).length;
    total += size;
    console.log(`${name.padEnd(10)} ${(size / 1024).toFixed(1).padStart(6)} KB (gzip)`);
  }
  console.log(`total      ${(total / 1024).toFixed(1).padStart(6)} KB (gzip)`);
  if (total > GZIP_BUDGET) throw new Error(`CSS and JS weigh more than ${GZIP_BUDGET / 1024} KB: take something out`);
}

async function exists(file) {
  return stat(file).then(() => true, () => false);
}

await rm(work, { recursive: true, force: true });
await mkdir(work, { recursive: true });
try {
  for (const step of [buildStyles, buildScripts, copyFonts, writeNotices]) await step();
  await weigh();
  // The old folder stays whole until the new one is ready: a failed build never leaves the site without its style.
  if (await exists(target)) await rename(target, `${work}.old`);
  await mkdir(path.dirname(target), { recursive: true });
  await rename(work, target);
} finally {
  await rm(work, { recursive: true, force: true });
  await rm(`${work}.old`, { recursive: true, force: true });
}
