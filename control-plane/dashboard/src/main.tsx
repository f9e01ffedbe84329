document.getElementById("root")?.append("Fanion");
