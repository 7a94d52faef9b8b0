// Splits and decodes the body of a form (URL standard, application/x-www-form-urlencoded).
#include "shell/form.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "core/limits.hpp"
#include "shell/listener_wire.hpp"

namespace tocsin::shell {
namespace {

Error bad_form(std::string why) {
    return Error{"bad_form", std::move(why)};
}

}  // namespace

std::string Form::value(std::string_view name) const {
    for (const auto& [field, text] : fields) {
        if (field != name) continue;
        std::string out;
        for (std::size_t i = 0; i < text.size(); ++i) {
            const bool before_line_feed = i + 1 < text.size() && text[i + 1] == '\n';
            if (text[i] != '\r' || !before_line_feed) out += text[i];
        }
        return out;
    }
    return {};
}

Result<Form> read_form(const HttpIn& request) {
    const std::string_view type = request.header("content-type");
    if (trim(type.substr(0, type.find(';'))) != "application/x-www-form-urlencoded") {
        return bad_form("A form is expected here (application/x-www-form-urlencoded).");
    }
    Form form;
    for (const std::string_view pair : split(request.body, '&')) {
        if (pair.empty()) continue;
        if (form.fields.size() == core::limits::form_fields_max) {
            return bad_form("The form has too many fields.");
        }
        const auto equals = std::min(pair.find('='), pair.size());
        auto name = percent_decoded(pair.substr(0, equals), true);
        auto value = percent_decoded(pair.substr(std::min(equals + 1, pair.size())), true);
        if (!name || !value) return bad_form("The form has a broken %-escape.");
        if (value->size() > core::limits::text_bytes_max) {
            return bad_form("The text is too long: at most 64 KiB.");
        }
        form.fields.emplace_back(*std::move(name), *std::move(value));
    }
    return form;
}

}  // namespace tocsin::shell
