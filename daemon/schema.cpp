// `tocsin schema`: what may stand in each kind of file, for editors and for people.
#include "config/schemas.hpp"

#include <cstdio>

#include "check.hpp"
#include "schema/publish.hpp"

namespace tocsin::daemon {

int schema(const std::string& what, bool markdown) {
    const auto table = config::settings_of(what);
    if (!table) {
        std::fputs("tocsin schema: expected config, rules or oncall\n", stderr);
        return 2;
    }
    const std::string title = "tocsin " + what;
    const std::string text = markdown ? tocsin::schema::markdown(*table, title)
                                      : tocsin::schema::json_schema(*table, title);
    std::fputs(text.c_str(), stdout);
    return 0;
}

}  // namespace tocsin::daemon
