# Debian packages by CPack: one for each group of components.

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME fanion)
set(CPACK_PACKAGE_CONTACT "The Fanion contributors <contributors@fanion.invalid>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_COMPONENTS_ALL "")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)

# debian_package(GROUP NAME .. COMPONENTS .. SUMMARY .. DESCRIPTION .. [SECTION ..] [DEPENDS ..] [RECOMMENDS ..] [SUGGESTS ..]
# [SCRIPTS folder]): a package of these components. What its programs are linked with is found by dpkg-shlibdeps.
macro(debian_package group)
  cmake_parse_arguments(ARG "" "NAME;SUMMARY;DESCRIPTION;SECTION;DEPENDS;RECOMMENDS;SUGGESTS;SCRIPTS" "COMPONENTS" ${ARGN})
  string(TOUPPER ${group} upper)
  foreach(component ${ARG_COMPONENTS})
    string(TOUPPER ${component} upper_component)
    list(APPEND CPACK_COMPONENTS_ALL ${component})
    set(CPACK_COMPONENT_${upper_component}_GROUP ${group})
  endforeach()
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${ARG_NAME})
  set(CPACK_DEBIAN_${upper}_DESCRIPTION "${ARG_SUMMARY}\n${ARG_DESCRIPTION}")
  foreach(field SECTION DEPENDS RECOMMENDS SUGGESTS)
    set(CPACK_DEBIAN_${upper}_PACKAGE_${field} "${ARG_${field}}")
  endforeach()
  if(ARG_SCRIPTS)
    foreach(file conffiles postinst prerm postrm)
      list(APPEND CPACK_DEBIAN_${upper}_PACKAGE_CONTROL_EXTRA ${CMAKE_CURRENT_BINARY_DIR}/${ARG_SCRIPTS}/${file})
    endforeach()
  endif()
endmacro()

debian_package(cli_package NAME fanion-cli COMPONENTS cli cli-documents cli-backup SECTION utils
  DEPENDS adduser RECOMMENDS "ca-certificates, postgresql-client-15 | postgresql-client" SCRIPTS backup
  SUMMARY "feature flags from the command line"
  DESCRIPTION "Manages, evaluates and checks the feature flags of a Fanion control plane,\nfrom a terminal or from continuous integration, and backs it up: pg_dump is\nneeded for that.")

debian_package(relay_package NAME fanion-relay COMPONENTS relay relay-grpc relay-service SECTION net
  DEPENDS adduser RECOMMENDS ca-certificates SUGGESTS fanion-cli SCRIPTS relay
  SUMMARY "evaluates feature flags next to the applications"
  DESCRIPTION "The relay follows a Fanion control plane, verifies what it signs, keeps the\nlast good ruleset on disk and answers OpenFeature clients, even while\neverything else is down.")

debian_package(control_plane_package NAME fanion-control-plane COMPONENTS control-plane control-plane-service SECTION net
  DEPENDS adduser RECOMMENDS "ca-certificates, postgresql (>= 15) | postgresql-15, fanion-cli" SCRIPTS control-plane
  SUMMARY "stores feature flags and signs rulesets"
  DESCRIPTION "The control plane of Fanion stores flags in PostgreSQL, decides who may\nchange what, and signs every ruleset that relays get.")

if(FANION_SDK)
  debian_package(eval_package NAME libfanion-eval-dev COMPONENTS eval-dev SECTION libdevel
    DEPENDS "libre2-dev, libstdc++-12-dev"
    SUMMARY "evaluator of feature flags as a static library"
    DESCRIPTION "Evaluates Fanion's rulesets within a program in C or any language that calls\nC. The package has a header, a static library, and files for pkg-config and\nCMake.")
  set(CPACK_DEBIAN_EVAL_PACKAGE_PACKAGE_SHLIBDEPS OFF)
endif()

include(CPack)
