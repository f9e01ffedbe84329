#include "common/base/manual_page.hpp"

#include <catch2/catch.hpp>

using fanion::ManualPage;

namespace {

ManualPage page() { return {"fanion-relay", 8, "1.2.3", "evaluates flags"}; }

// What follows the heading and the name.
std::string added(const ManualPage& page) {
    const std::string name = "fanion\\-relay \\- evaluates flags\n";
    return page.text().substr(page.text().find(name) + name.size());
}

}  // namespace

TEST_CASE("a manual page begins with what man and apropos look for") {
    CHECK(page().text() ==
          ".TH \"FANION\\-RELAY\" 8 \"\" \"Fanion 1.2.3\" \"Fanion\"\n.nh\n.ad l\n.SH NAME\n"
          "fanion\\-relay \\- evaluates flags\n");
}

TEST_CASE("sections, terms and lines of a manual page") {
    auto one = page();
    one.section("See also");
    one.subsection("In the \"shop\"");
    one.line("fanion-relay", "[OPTIONS]");
    one.item("--listen", "VALUE", "address\nfor applications");
    one.item("--loud", "", "");
    CHECK(added(one) ==
          ".SH \"SEE ALSO\"\n.SS \"In the \\(dqshop\\(dq\"\n.PP\n\\fBfanion\\-relay\\fR \\fI[OPTIONS]\\fR\n"
          ".TP\n\\fB\\-\\-listen\\fR \\fIVALUE\\fR\naddress\n.br\nfor applications\n.TP\n\\fB\\-\\-loud\\fR\n\\&\n");
}

TEST_CASE("text of a manual page is no request and no escape") {
    auto one = page();
    one.paragraph(".so /etc/passwd\n'b \\n(yr `x` ~/.config ^\n\n  last  ");
    CHECK(added(one) == ".PP\n\\&.so /etc/passwd\n.PP\n\\(aqb \\en(yr \\(gax\\(ga \\(ti/.config \\(ha\n.PP\nlast\n");
}
