// The visible list of integrations, and the reading of one entry of `integrations:`.
#include "integrations/registry.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/text.hpp"
#include "integrations/sinks/email.hpp"
#include "integrations/sinks/file.hpp"
#include "integrations/sinks/kind.hpp"
#include "integrations/sinks/later.hpp"
#include "integrations/sinks/pagerduty.hpp"
#include "integrations/sinks/webhook.hpp"
#include "schema/field.hpp"

namespace tocsin::integrations {

namespace {

struct Common {
    std::string name;
    std::string kind;
};

schema::Table<Common> table_of(const Common* /*type*/) {
    return {
        .name = "integration",
        .fields = {
            schema::field("name", &Common::name, "How `use:` names it.", schema::Need::required),
            schema::field("kind", &Common::kind, "Which adapter it is.", schema::Need::required),
        }};
}

/// A text under a key that must be there and must not be empty.
std::optional<std::string> required_text(const schema::Node& node, std::string_view key,
                                         const schema::Reader& reader) {
    const schema::Node* value = node.find(key);
    std::string text;
    if (value == nullptr) {
        reader.error(node.at, "an integration needs `" + std::string(key) + "`");
        return std::nullopt;
    }
    if (!schema::read_value(text, *value, reader)) return std::nullopt;
    if (!text.empty()) return text;
    reader.error(value->at, "`" + std::string(key) + "` is empty");
    return std::nullopt;
}

}  // namespace

std::vector<IntegrationKind> integration_kinds() {
    return {pagerduty_kind(), webhook_kind(),     file_kind(),       slack_kind(),
            email_kind(),     incident_io_kind(), statuspage_kind(), posthog_flag_kind()};
}

bool check_url(schema::Located<std::string>& url, const schema::Reader& reader) {
    std::string& text = url.value;
    while (text.ends_with('/')) text.pop_back();
    const std::size_t scheme = text.starts_with("https://")  ? 8
                               : text.starts_with("http://") ? 7
                                                             : 0;
    const bool has_host = scheme > 0 && text.size() > scheme && text[scheme] != ':';
    const bool is_clean = std::ranges::none_of(
        text, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; });
    if (has_host && is_clean) return true;
    reader.error(url.at, "this is not the address of a server",
                 "write it whole: https://HOST[:PORT][/PATH]");
    return false;
}

std::optional<Integration> read_integration(const schema::Node& node, const schema::Reader& reader,
                                            SinkContext context) {
    if (node.kind != schema::Kind::map) {
        schema::wrong_type(node, integration_shape(), reader);
        return std::nullopt;
    }
    const auto name = required_text(node, "name", reader);
    const auto kind = required_text(node, "kind", reader);
    if (!kind) return std::nullopt;
    const std::vector<IntegrationKind> kinds = integration_kinds();
    const auto row = std::ranges::find(kinds, *kind, &IntegrationKind::name);
    const schema::Position kind_at = node.find("kind")->at;
    if (row == kinds.end()) {
        std::vector<std::string> names;
        for (const IntegrationKind& each : kinds) names.push_back(each.name);
        schema::unknown_name(kind_at, "kind of integration", *kind, names, reader);
        return std::nullopt;
    }
    context.name = name.value_or(std::string());
    auto sink = row->read(node, reader, context);
    if (!sink || !name) return std::nullopt;
    if (!row->available) {
        reader.warning(kind_at, "`" + *kind + "` is not built yet: nothing is sent to it",
                       "it comes with a later version of tocsin");
    }
    return Integration{.name = *name,
                       .kind = row->name,
                       .reach = row->reach,
                       .width = row->width,
                       .sends_per_minute = row->sends_per_minute,
                       .can_page = row->can_page,
                       .can_confirm = false,
                       .address = row->address,
                       .sink = std::move(*sink)};
}

schema::Shape integration_shape() {
    constexpr const Common* common = nullptr;
    schema::Shape shape{.kind = schema::Shape::Kind::variant};
    shape.table = std::make_shared<schema::TableShape>(schema::shape_of(table_of(common)));
    for (const IntegrationKind& kind : integration_kinds()) {
        shape.variants.push_back(
            {.kind = kind.name,
             .help = kind.available ? kind.help : kind.help + " Comes with a later version.",
             .table = std::make_shared<schema::TableShape>(kind.settings())});
    }
    return shape;
}

}  // namespace tocsin::integrations
