#pragma once
// Texts that strangers could put into a label, a title or a note to break out of what shows them.

#include <string>
#include <vector>

namespace tocsin::support {

inline std::vector<std::string> hostile_texts() {
    using std::string_literals::operator""s;
    return {
        "<script>document.title='owned'</script>",
        "\"><img src=x onerror=document.title='owned'>",
        "' onmouseover='document.title=1",
        "javascript:document.title='owned'",
        " JaVaScRiPt:alert(1)",
        "data:text/html,<script>document.title='owned'</script>",
        "</style><script>document.title='owned'</script>",
        "</title></svg></textarea><h1>owned",
        "]]><script>document.title='owned'</script>",
        "<!-- --><meta http-equiv=refresh content=0;url=https://evil.example>",
        "&lt;b&gt; &amp; &#x3c;script&#x3e; &nbsp",
        "{{7*7}} ${7*7} <%= 7*7 %>",
        "# heading\n## In what ways\n- item\n1. one\n> quote\n---\n***",
        "[link](javascript:alert(1)) ![x](http://evil.example/x.png) <http://evil.example>",
        "`code` ```\nfence\n``` | cell | **bold** __b__ ~~s~~ @channel #1 $x$ \\",
        "x\r\nATTENDEE:mailto:evil@evil.example\r\nEND:VEVENT",
        "a;b,c:d\"e\\n\\,",
        "safe\xE2\x80\xAEtxt.exe\xE2\x81\xA6hidden\xE2\x81\xA9",  // bidi override, isolate
        "zero\xE2\x80\x8Bwidth\xEF\xBB\xBF mark \xE2\x80\xA8 line separator",
        "nul\0byte \x1b[31mred\x07 bell \x7f delete"s,
        "broken \xC3( \xFF\xFE \xED\xA0\x80 utf-8",
        "\xD9\x85\xD8\xB1\xD8\xAD\xD8\xA8\xD8\xA7 \xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D",     // RTL
        "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x94\xA7\xF0\x9F\x9A\x92\xF0\x9F\x8F\xB4",  // emoji
        std::string(300, 'w'),
        std::string(64UL << 10, 'x'),
        "",
    };
}

}  // namespace tocsin::support
