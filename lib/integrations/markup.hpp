#pragma once
// Text of strangers inside HTML, Markdown and iCalendar: one escaping function for each.

#include <string>
#include <string_view>

namespace tocsin::integrations {

/// Valid UTF-8 in which nothing hides: control characters but line feed and tab are written as
/// their pictures (NUL is `␀`), and what reorders or hides text (bidi controls, zero-width spaces,
/// line separators) as `[U+202E]`. CR LF becomes LF. Joiners stay: emoji and Persian need them.
[[nodiscard]] std::string visible(std::string_view text);

/// visible(), for HTML text and for attribute values in double or single quotes.
[[nodiscard]] std::string escape_html(std::string_view text);

/// visible(), for Markdown (CommonMark with GitHub's tables, mentions and formulas) inside a line
/// that begins with words of our own: nothing in it opens or ends a construct; line feeds become
/// `<br>`.
[[nodiscard]] std::string escape_markdown(std::string_view text);

/// visible(), for a TEXT value of RFC 5545 (§3.3.11).
[[nodiscard]] std::string escape_calendar(std::string_view text);

/// An http or https address that may become a link: anything else (`javascript:`) stays text.
[[nodiscard]] bool is_web_link(std::string_view url);

/// HTML under construction: markup of our own goes in by raw(), everything else by text().
class Html {
public:
    Html& raw(std::string_view markup) {
        out_ += markup;
        return *this;
    }
    Html& text(std::string_view text) {
        out_ += escape_html(text);
        return *this;
    }
    [[nodiscard]] std::string take() && { return std::move(out_); }

private:
    std::string out_;
};

}  // namespace tocsin::integrations
