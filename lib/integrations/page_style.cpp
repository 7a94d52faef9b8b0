// The style sheet of the page, and the headers that let nothing but it take effect.
#include "integrations/page_view.hpp"
#include "integrations/sign.hpp"

namespace tocsin::integrations {
namespace {

// One column that never scrolls sideways; whatever is to be touched is at least 44 px high (Apple's
// and WCAG 2.5.5's measure), and inputs have 16 px letters, below which phones zoom in.
constexpr std::string_view style = R"(:root{color-scheme:light dark;--ground:#f6f5f2;--card:#fff;
--ink:#1b1e24;--soft:#5a6270;--line:#e2dfd8;--critical:#b3261e;--major:#a8560a;--minor:#2a62ad;
--calm:#3b6b4b;--accent:#1b1e24;--on-accent:#fff;--breach:#b3261e14}
@media (prefers-color-scheme:dark){:root{--ground:#14161a;--card:#1d2026;--ink:#e9e8e4;
--soft:#9ba3b0;--line:#31353d;--critical:#ff8a80;--major:#ffb561;--minor:#8ab8ff;--calm:#93c9a4;
--accent:#e9e8e4;--on-accent:#14161a;--breach:#ff8a801f}}
*{box-sizing:border-box;min-width:0}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,-apple-system,
"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
header{border-top:6px solid var(--tone);background:var(--card);border-bottom:1px solid var(--line);
padding:20px 16px}
main,.in{max-width:720px;margin:0 auto}
header .in{max-width:688px}
main{padding:16px;display:grid;gap:16px}
.critical{--tone:var(--critical)}.major{--tone:var(--major)}.minor{--tone:var(--minor)}
.over{--tone:var(--calm)}.plain{--tone:var(--line)}
.tags{display:flex;flex-wrap:wrap;gap:8px 14px;align-items:center;margin:0;font-size:15px;
color:var(--soft)}
.badge{border:1.5px solid var(--tone);color:var(--tone);border-radius:99px;padding:1px 12px;
font-weight:650}
h1{font-size:23px;line-height:1.28;margin:12px 0 10px;font-weight:680;letter-spacing:-.01em}
h2{font-size:14px;margin:0 0 10px;color:var(--soft);font-weight:600}
p{margin:0 0 8px}p:last-child{margin-bottom:0}
section{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:16px}
.value{font-size:30px;line-height:1.2;font-weight:680;letter-spacing:-.02em}
.soft{color:var(--soft)}.small{font-size:14px}
blockquote{margin:12px 0 0;padding:2px 0 2px 12px;border-left:3px solid var(--line);
color:var(--soft)}
figure{margin:14px 0 0}
svg{display:block;width:100%;height:150px;border-radius:8px;background:var(--ground)}
svg path{fill:none;vector-effect:non-scaling-stroke;stroke-linecap:round;stroke-linejoin:round}
.line{stroke:var(--ink);stroke-width:2}.dot{stroke:var(--ink);stroke-width:8}
.threshold{stroke:var(--critical);stroke-width:1.5;stroke-dasharray:5 5}.breach{fill:var(--breach)}
figcaption{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 12px;margin-top:6px;
font-size:14px;color:var(--soft)}
.row{display:flex;flex-wrap:wrap;gap:10px}
.row>*{flex:1 1 140px}
button,.button{display:flex;align-items:center;justify-content:center;min-height:48px;
padding:8px 16px;border-radius:12px;border:1.5px solid var(--line);background:transparent;
color:var(--ink);font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer}
button.first{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}
:focus-visible{outline:3px solid var(--minor);outline-offset:2px}
label{display:block;margin-bottom:6px;font-size:14px;color:var(--soft)}
input,textarea{display:block;width:100%;min-height:48px;margin-bottom:12px;padding:10px 12px;
border:1.5px solid var(--line);border-radius:12px;background:var(--ground);color:var(--ink);
font:inherit}
textarea{min-height:92px;resize:vertical}
dl{display:grid;grid-template-columns:minmax(76px,max-content) 1fr;gap:6px 16px;margin:0}
dt{color:var(--soft);max-width:34vw}dd{margin:0}
.labels{font:14px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
ol,ul{list-style:none;margin:0;padding:0}
li{padding:10px 0;border-top:1px solid var(--line)}li:first-child{border-top:0;padding-top:0}
li:last-child{padding-bottom:0}
.text{white-space:pre-wrap}
time{font-variant-numeric:tabular-nums}
footer{padding:0 16px 32px;color:var(--soft);font-size:14px}
footer .button{margin-bottom:12px}
@media (min-width:640px){h1{font-size:28px}header{padding:28px 16px}main{padding:24px 16px}
section{padding:20px}}
@media print{section,header{break-inside:avoid}form,footer .button{display:none}}
)";

}  // namespace

std::string_view page_style() {
    return style;
}

std::string page_policy() {
    return "default-src 'none'; style-src 'sha256-" + base64(sha256(style)) +
           "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
}

std::vector<std::pair<std::string, std::string>> page_headers(bool address_is_key) {
    return {
        {"Content-Security-Policy", page_policy()},
        {"Cache-Control", "no-store"},
        {"Referrer-Policy", address_is_key ? "no-referrer" : "same-origin"},
        {"X-Content-Type-Options", "nosniff"},
        {"X-Robots-Tag", "noindex"},
    };
}

}  // namespace tocsin::integrations
