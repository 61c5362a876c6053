// The one entry: styles, htmx, then one small module per behaviour, each bound by data-*.
import "./main.css";
import sprite from "./generated/icons.svg";
document.documentElement.dataset.sprite = sprite;
