// Before the first paint: the look that was chosen last on this machine; in tests also direction and pseudo-locale.
try {
  const root = document.documentElement;
  const look = JSON.parse(localStorage.getItem("fanion-look") || "{}");
  const dark = !look.theme && matchMedia("(prefers-color-scheme: dark)").matches;
  if (dark) look.theme = "dark";
  for (const key of ["theme", "contrast", "density", "motion", "pseudo"]) if (look[key]) root.dataset[key] = look[key];
  if (look.dir) root.dir = look.dir;
  if (/\/-\/(signin|setup)$/.test(location.pathname)) root.dataset.frameless = "";
} catch {}
