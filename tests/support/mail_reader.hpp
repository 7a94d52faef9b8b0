#pragma once
// ReadMail: a message taken apart again, written apart from what writes messages.

#include <cctype>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "integrations/sign.hpp"

namespace tocsin::support {

class ReadMail {
public:
    /// Lines may end in CRLF or, as in a mailbox file, in LF.
    explicit ReadMail(std::string_view message) {
        for (const char c : message) {
            if (c != '\r') raw_ += c;
        }
        const std::size_t ends = raw_.find("\n\n");
        body_ = ends == std::string::npos ? std::string() : raw_.substr(ends + 2);
        read_headers(raw_.substr(0, ends));
    }

    /// Unfolded, with its encoded words decoded; empty when there is none.
    [[nodiscard]] std::string header(std::string_view name) const {
        for (const auto& [key, value] : headers_) {
            if (key == name) return decode_words(value);
        }
        return {};
    }
    [[nodiscard]] std::vector<std::string> header_names() const {
        std::vector<std::string> names;
        for (const auto& [key, value] : headers_) names.push_back(key);
        return names;
    }
    /// The body, its quoted-printable undone.
    [[nodiscard]] std::string text() const {
        std::string out;
        for (std::size_t i = 0; i < body_.size(); ++i) {
            if (body_[i] != '=') {
                out += body_[i];
            } else if (body_[i + 1] == '\n') {
                ++i;
            } else {
                out += static_cast<char>(std::stoi(body_.substr(i + 1, 2), nullptr, 16));
                i += 2;
            }
        }
        return out;
    }
    [[nodiscard]] const std::string& raw() const { return raw_; }

private:
    void read_headers(const std::string& head) {
        std::size_t at = 0;
        while (at < head.size()) {
            const std::size_t ends = std::min(head.find('\n', at), head.size());
            const std::string line = head.substr(at, ends - at);
            at = ends + 1;
            if (std::isspace(static_cast<unsigned char>(line[0])) != 0 && !headers_.empty()) {
                headers_.back().second += line;
                continue;
            }
            const std::size_t colon = std::min(line.find(": "), line.size());
            headers_.emplace_back(line.substr(0, colon),
                                  line.substr(std::min(colon + 2, line.size())));
        }
    }

    /// `=?utf-8?B?…?=`; the space between two of them is not part of the text.
    static std::string decode_words(const std::string& value) {
        const std::string begin = "=?utf-8?B?";
        std::string out;
        std::size_t at = 0;
        while (true) {
            const std::size_t word = value.find(begin, at);
            const std::string between = value.substr(at, word == value.npos ? word : word - at);
            if (at == 0 || between != " " || word == value.npos) out += between;
            if (word == value.npos) return out;
            const std::size_t ends = value.find("?=", word + begin.size());
            out += integrations::from_base64(
                       value.substr(word + begin.size(), ends - word - begin.size()))
                       .value_or("(broken)");
            at = ends + 2;
        }
    }

    std::string raw_;
    std::string body_;
    std::vector<std::pair<std::string, std::string>> headers_;
};

}  // namespace tocsin::support
