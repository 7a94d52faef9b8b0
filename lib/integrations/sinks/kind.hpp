#pragma once
// What the files of sinks share: a row of the registry from a settings struct, and checks of URLs.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "integrations/registry.hpp"
#include "schema/field.hpp"

namespace tocsin::integrations {

/// Every entry of `integrations:` has these; read_integration() reads them.
inline const std::vector<std::string>& common_settings() {
    static const std::vector<std::string> names = {"name", "kind"};
    return names;
}

/// Makes the sink once the settings are read; nullopt after having noted a problem with them.
template <class Settings>
using MakeSink = std::function<std::optional<std::shared_ptr<const Sink>>(
    Settings, const schema::Reader&, const SinkContext&)>;

/// Completes a row: its settings are those of `table_of(const Settings*)`. Without `make`, the
/// adapter comes with a later version.
template <class Settings>
IntegrationKind with_settings(IntegrationKind row, MakeSink<Settings> make = {}) {
    constexpr const Settings* type = nullptr;
    row.available = static_cast<bool>(make);
    row.settings = [] { return schema::shape_of(table_of(type)); };
    row.read = [make = std::move(make)](
                   const schema::Node& node, const schema::Reader& reader,
                   const SinkContext& context) -> std::optional<std::shared_ptr<const Sink>> {
        Settings settings;
        if (!schema::read_table(settings, table_of(type), node, reader, common_settings())) {
            return std::nullopt;
        }
        if (!make) return nullptr;
        return make(std::move(settings), reader, context);
    };
    return row;
}

/// `http://` or `https://` with a host; slashes at its end are taken off. Notes what is wrong.
bool check_url(schema::Located<std::string>& url, const schema::Reader& reader);

}  // namespace tocsin::integrations
