// Writes mail: folding, encoded words, quoted-printable; every value cleaned before it is a header.
#include "integrations/mail_message.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "core/limits.hpp"
#include "integrations/sign.hpp"

namespace tocsin::integrations {

namespace {

constexpr std::size_t subject_code_points_max = 180;
constexpr std::size_t address_bytes_max = 254;      // RFC 5321 §4.5.3.1, as erratum 1690 counts
constexpr std::size_t header_bytes_max = 900;       // a line without a space: RFC 5322 says 998
constexpr std::size_t line_bytes_max = 76;          // RFC 2045 §6.7, 2047 §2
constexpr std::size_t encoded_word_bytes_max = 39;  // before base64; fits behind any header's name

bool is_plain(char c) {
    return c >= ' ' && c < '\x7f';
}

std::string two_digits(unsigned number) {
    return {static_cast<char>('0' + number / 10 % 10), static_cast<char>('0' + number % 10)};
}

/// One line of valid UTF-8: what a header's value may be made of. Runs of spaces become one: a
/// folded line of spaces alone looks like the end of the headers.
std::string clean(std::string_view text) {
    std::string line = truncate(one_line(to_valid_utf8(trim(text))), header_bytes_max);
    const auto both_spaces = [](char a, char b) { return a == ' ' && b == ' '; };
    line.erase(std::unique(line.begin(), line.end(), both_spaces), line.end());
    return line;
}

/// Breaks before words, where a line would get too long.
std::string fold(std::string header) {
    std::size_t line_begin = 0;
    std::size_t last_space = header.npos;
    for (std::size_t i = 0; i < header.size(); ++i) {
        if (header[i] == ' ') last_space = i;
        const bool too_long = i - line_begin >= line_bytes_max;
        // The space behind the header's name is no place to break: the first line would be empty.
        if (!too_long || last_space == header.npos || last_space == header.find(' ')) continue;
        header.insert(last_space, "\r\n");
        line_begin = last_space + 2;
        i = std::max(i, line_begin + 1);
        last_space = header.npos;
    }
    return header + "\r\n";
}

/// RFC 2047 §2: whole code points in each word.
std::string encoded_words(std::string_view text) {
    std::string words;
    std::string piece;
    const auto flush = [&] {
        if (!words.empty()) words += ' ';
        words += "=?utf-8?B?" + base64(piece) + "?=";
        piece.clear();
    };
    while (!text.empty()) {
        const std::size_t bytes = first_code_point(text).bytes;
        if (piece.size() + bytes > encoded_word_bytes_max) flush();
        piece += text.substr(0, bytes);
        text.remove_prefix(bytes);
    }
    if (!piece.empty()) flush();
    return words;
}

bool needs_encoding(std::string_view text) {
    return !std::ranges::all_of(text, is_plain) || text.find("=?") != text.npos;
}

std::string unstructured(const std::string& text) {
    return needs_encoding(text) ? encoded_words(text) : text;
}

std::string display_name(const std::string& name) {
    if (needs_encoding(name)) return encoded_words(name);
    std::string quoted = "\"";
    for (const char c : name) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + "\"";
}

std::string written(const Mailbox& mailbox) {
    if (mailbox.name.empty()) return mailbox.address;
    return display_name(clean(mailbox.name)) + " <" + mailbox.address + ">";
}

}  // namespace

bool is_mail_address(std::string_view text) {
    const std::size_t at = text.find('@');
    const bool two_sides = at != text.npos && at > 0 && at + 1 < text.size();
    if (!two_sides || text.size() > address_bytes_max || text.find('@', at + 1) != text.npos) {
        return false;
    }
    constexpr std::string_view special = "\"(),:;<>[\\]";
    return std::ranges::all_of(text, [special](char c) {
        return c > ' ' && c < '\x7f' && special.find(c) == special.npos;
    });
}

std::optional<Mailbox> parse_mailbox(std::string_view text) {
    text = trim(text);
    Mailbox mailbox{.name = {}, .address = std::string(text)};
    const std::size_t begins = text.rfind('<');
    if (begins != text.npos && text.ends_with('>')) {
        std::string_view name = trim(text.substr(0, begins));
        if (name.size() >= 2 && name.front() == '"' && name.back() == '"') {
            name = name.substr(1, name.size() - 2);
        }
        mailbox.name = name;
        mailbox.address = text.substr(begins + 1, text.size() - begins - 2);
    }
    if (!is_mail_address(mailbox.address)) return std::nullopt;
    return mailbox;
}

std::string format_mail_date(Instant instant) {
    constexpr std::array<std::string_view, 7> days = {"Sun", "Mon", "Tue", "Wed",
                                                      "Thu", "Fri", "Sat"};
    constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(instant);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(std::chrono::floor<seconds>(instant - day));
    const auto number = [](auto value) { return two_digits(static_cast<unsigned>(value)); };
    return std::string(days.at(std::chrono::weekday(day).c_encoding())) + ", " +
           number(static_cast<unsigned>(date.day())) + " " +
           std::string(months.at(static_cast<unsigned>(date.month()) - 1)) + " " +
           std::to_string(static_cast<int>(date.year())) + " " + number(time.hours().count()) +
           ":" + number(time.minutes().count()) + ":" + number(time.seconds().count()) + " +0000";
}

std::string quoted_printable(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const std::string_view line : split(text, '\n')) {
        std::size_t used = 0;
        for (std::size_t i = 0; i < line.size(); ++i) {
            const char c = line[i];
            const bool is_blank = c == ' ' || c == '\t';
            const bool is_last = i + 1 == line.size();
            const bool as_it_is = (is_plain(c) && c != '=' && !is_blank) || (is_blank && !is_last);
            const std::size_t needs = as_it_is ? 1 : 3;
            if (used + needs > line_bytes_max - (is_last ? 0 : 1)) {
                out += "=\r\n";
                used = 0;
            }
            used += needs;
            const auto byte = static_cast<unsigned char>(c);
            if (as_it_is) {
                out += c;
            } else {
                out += {'=', digits[byte >> 4U], digits[byte & 15U]};
            }
        }
        out += "\r\n";
    }
    return out;
}

std::string write_message(const MailMessage& message) {
    std::string out = fold("From: " + written(message.from));
    out += fold("To: " + join(message.to, ", "));
    if (!message.reply_to.empty()) out += fold("Reply-To: " + message.reply_to);
    const std::string subject =
        truncate_code_points(clean(message.subject), subject_code_points_max);
    out += fold("Subject: " + unstructured(subject));
    out += "Date: " + format_mail_date(message.date) + "\r\n";
    out += "Message-ID: " + clean(message.message_id) + "\r\n";
    if (!message.references.empty()) {
        out += "In-Reply-To: " + clean(message.references.back()) + "\r\n";
        out += fold("References: " + clean(join(message.references, " ")));
    }
    for (const auto& [name, value] : message.headers) {
        out += fold(name + ": " + unstructured(clean(value)));
    }
    out += "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n";
    out += "Content-Transfer-Encoding: quoted-printable\r\n\r\n";
    const std::string text = truncate(to_valid_utf8(message.text), core::limits::text_bytes_max);
    return out + quoted_printable(trim(text));
}

}  // namespace tocsin::integrations
