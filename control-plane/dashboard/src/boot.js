// Before the first paint: the theme, contrast and density that were chosen last on this machine.
try {
  const look = JSON.parse(localStorage.getItem("fanion-look") || "{}");
  for (const key of ["theme", "contrast", "density", "motion"]) {
    if (look[key]) document.documentElement.dataset[key] = look[key];
  }
} catch {}
