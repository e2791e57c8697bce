/** How files are minified that count: what a bundler has minified, once more; another minifier still finds a hundredth. */
export const terser = { module: true, ecma: 2020, compress: { passes: 3 } };
