// The one entry: styles, htmx, then one small module per behaviour, each bound by data-*.
import "./main.css";
import "./generated/icons.svg";
import "./img/mark.svg";
import "./js/requests.js";
import "./js/theme.js";
import "./js/nav.js";
import "./js/dialog.js";
import "./js/menu.js";
import "./js/toast.js";
import "./js/keyboard.js";
import "./js/list.js";
import "./js/tabs.js";
import "./js/palette.js";
