#include "actors/analysis/metadata/properties.hpp"

#include <algorithm>
#include <iterator>

namespace artel::analysis {
namespace {

// Checked against configurations written in both layouts: what EDT leaves out is the first value of
// the property's list.
constexpr property of_catalog[] = {
    {"UseStandardCommands", "false"},
    {"Hierarchical", "false"},
    {"HierarchyType", "HierarchyFoldersAndItems"},
    {"LimitLevelCount", "false"},
    {"LevelCount", "0"},
    {"FoldersOnTop", "false"},
    {"SubordinationUse", "ToItems"},
    {"CodeLength", "0"},
    {"DescriptionLength", "0"},
    {"CodeType", "Number"},
    {"CodeAllowedLength", "Fixed"},
    {"CodeSeries", "WholeCatalog"},
    {"CheckUnique", "false"},
    {"Autonumbering", "false"},
    {"DefaultPresentation", "AsCode"},
    {"DataLockControlMode", "Automatic"},
    {"FullTextSearch", "DontUse"},
    {"DefaultObjectForm", ""},
    {"DefaultListForm", ""},
};
constexpr property of_document[] = {
    {"UseStandardCommands", "false"},
    {"Numerator", ""},
    {"NumberType", "Number"},
    {"NumberLength", "0"},
    {"NumberAllowedLength", "Fixed"},
    {"NumberPeriodicity", "Nonperiodical"},
    {"CheckUnique", "false"},
    {"Autonumbering", "false"},
    {"Posting", "Allow"},
    {"RealTimePosting", "Allow"},
    {"RegisterRecordsDeletion", "AutoDeleteOnUnpost"},
    {"RegisterRecordsWritingOnPost", "WriteSelected"},
    {"SequenceFilling", "AutoFill"},
    {"PostInPrivilegedMode", "false"},
    {"UnpostInPrivilegedMode", "false"},
    {"DataLockControlMode", "Automatic"},
    {"FullTextSearch", "DontUse"},
    {"DefaultObjectForm", ""},
    {"DefaultListForm", ""},
};
constexpr property of_commonmodule[] = {
    {"Global", "false"},
    {"ClientManagedApplication", "false"},
    {"Server", "false"},
    {"ExternalConnection", "false"},
    {"ClientOrdinaryApplication", "false"},
    {"ServerCall", "false"},
    {"Privileged", "false"},
    {"ReturnValuesReuse", "DontUse"},
};
constexpr property of_informationregister[] = {
    {"UseStandardCommands", "false"},     {"InformationRegisterPeriodicity", "Nonperiodical"},
    {"WriteMode", "Independent"},         {"MainFilterOnPeriod", "false"},
    {"EnableTotalsSliceFirst", "false"},  {"EnableTotalsSliceLast", "false"},
    {"DataLockControlMode", "Automatic"}, {"FullTextSearch", "DontUse"},
};
constexpr property of_accumulationregister[] = {
    {"UseStandardCommands", "false"},   {"RegisterType", "Balance"},
    {"EnableTotalsSplitting", "false"}, {"DataLockControlMode", "Automatic"},
    {"FullTextSearch", "DontUse"},
};
constexpr property of_accountingregister[] = {
    {"UseStandardCommands", "false"},   {"ChartOfAccounts", ""},
    {"Correspondence", "false"},        {"PeriodAdjustmentLength", "0"},
    {"EnableTotalsSplitting", "false"}, {"DataLockControlMode", "Automatic"},
    {"FullTextSearch", "DontUse"},
};
constexpr property of_calculationregister[] = {
    {"UseStandardCommands", "false"},
    {"Periodicity", ""},
    {"ActionPeriod", "false"},
    {"BasePeriod", "false"},
    {"Schedule", ""},
    {"ChartOfCalculationTypes", ""},
    {"DataLockControlMode", "Automatic"},
    {"FullTextSearch", "DontUse"},
};
constexpr property of_chartofcharacteristictypes[] = {
    {"UseStandardCommands", "false"},
    {"CharacteristicExtValues", ""},
    {"Hierarchical", "false"},
    {"FoldersOnTop", "false"},
    {"CodeLength", "0"},
    {"DescriptionLength", "0"},
    {"CodeSeries", "WholeCharacteristicKind"},
    {"CheckUnique", "false"},
    {"Autonumbering", "false"},
    {"DefaultPresentation", "AsCode"},
    {"DataLockControlMode", "Automatic"},
    {"FullTextSearch", "DontUse"},
};
constexpr property of_chartofaccounts[] = {
    {"UseStandardCommands", "false"},
    {"ExtDimensionTypes", ""},
    {"MaxExtDimensionCount", "0"},
    {"CodeMask", ""},
    {"CodeLength", "0"},
    {"DescriptionLength", "0"},
    {"CheckUnique", "false"},
    {"DefaultPresentation", "AsCode"},
    {"AutoOrderByCode", "false"},
    {"OrderLength", "0"},
    {"DataLockControlMode", "Automatic"},
    {"FullTextSearch", "DontUse"},
};
constexpr property of_chartofcalculationtypes[] = {
    {"UseStandardCommands", "false"},     {"CodeLength", "0"},
    {"DescriptionLength", "0"},           {"DependenceOnCalculationTypes", "DontUse"},
    {"ActionPeriodUse", "false"},         {"DefaultPresentation", "AsCode"},
    {"DataLockControlMode", "Automatic"}, {"FullTextSearch", "DontUse"},
};
constexpr property of_exchangeplan[] = {
    {"UseStandardCommands", "false"},     {"CodeLength", "0"},
    {"DescriptionLength", "0"},           {"DefaultPresentation", "AsCode"},
    {"DistributedInfoBase", "false"},     {"IncludeConfigurationExtensions", "false"},
    {"DataLockControlMode", "Automatic"}, {"FullTextSearch", "DontUse"},
};
constexpr property of_businessprocess[] = {
    {"UseStandardCommands", "false"}, {"Task", ""},
    {"NumberType", "Number"},         {"NumberLength", "0"},
    {"NumberAllowedLength", "Fixed"}, {"CheckUnique", "false"},
    {"Autonumbering", "false"},       {"DataLockControlMode", "Automatic"},
    {"FullTextSearch", "DontUse"},
};
constexpr property of_task[] = {
    {"UseStandardCommands", "false"},
    {"Addressing", ""},
    {"MainAddressingAttribute", ""},
    {"CurrentPerformer", ""},
    {"NumberType", "Number"},
    {"NumberLength", "0"},
    {"NumberAllowedLength", "Fixed"},
    {"DescriptionLength", "0"},
    {"CheckUnique", "false"},
    {"Autonumbering", "false"},
    {"DataLockControlMode", "Automatic"},
    {"FullTextSearch", "DontUse"},
};
constexpr property of_enum[] = {
    {"UseStandardCommands", "false"},
    {"QuickChoice", "false"},
};
constexpr property of_constant[] = {
    {"UseStandardCommands", "false"},
    {"FillChecking", "DontCheck"},
    {"DataLockControlMode", "Automatic"},
};
constexpr property of_report[] = {
    {"UseStandardCommands", "false"},
    {"DefaultForm", ""},
    {"MainDataCompositionSchema", ""},
};
constexpr property of_dataprocessor[] = {
    {"UseStandardCommands", "false"},
    {"DefaultForm", ""},
};
constexpr property of_externaldataprocessor[] = {
    {"DefaultForm", ""},
};
constexpr property of_externalreport[] = {
    {"DefaultForm", ""},
    {"MainDataCompositionSchema", ""},
};
constexpr property of_documentjournal[] = {
    {"UseStandardCommands", "false"},
    {"DefaultForm", ""},
};
constexpr property of_filtercriterion[] = {
    {"UseStandardCommands", "false"},
    {"DefaultForm", ""},
};
constexpr property of_scheduledjob[] = {
    {"MethodName", ""},
    {"Description", ""},
    {"Key", ""},
    {"Use", "false"},
    {"Predefined", "false"},
    {"RestartCountOnFailure", "0"},
    {"RestartIntervalOnFailure", "0"},
};
constexpr property of_eventsubscription[] = {
    {"Event", ""},
    {"Handler", ""},
};
constexpr property of_functionaloption[] = {
    {"Location", ""},
    {"PrivilegedGetMode", "false"},
};
constexpr property of_httpservice[] = {
    {"RootURL", ""},
    {"ReuseSessions", "DontUse"},
};
constexpr property of_webservice[] = {
    {"Namespace", ""},
    {"DescriptorFileName", ""},
    {"ReuseSessions", "DontUse"},
};
constexpr property of_wsreference[] = {
    {"LocationURL", ""},
};
constexpr property of_xdtopackage[] = {
    {"Namespace", ""},
};
constexpr property of_commoncommand[] = {
    {"Group", ""},
    {"ParameterUseMode", "Single"},
    {"ModifiesData", "false"},
};
constexpr property of_commonform[] = {
    {"FormType", "Managed"},
    {"UseStandardCommands", "false"},
};
constexpr property of_commontemplate[] = {
    {"TemplateType", "SpreadsheetDocument"},
};
constexpr property of_commonattribute[] = {
    {"DataSeparation", "Separate"},
    {"AutoUse", "Use"},
    {"Indexing", "DontIndex"},
};
constexpr property of_commandgroup[] = {
    {"Category", "NavigationPanel"},
};
constexpr property of_subsystem[] = {
    {"IncludeInCommandInterface", "false"},
    {"UseOneCommand", "false"},
};
constexpr property of_sequence[] = {
    {"MoveBoundaryOnPosting", "Move"},
    {"DataLockControlMode", "Automatic"},
};
constexpr property of_documentnumerator[] = {
    {"NumberType", "Number"},         {"NumberLength", "0"},
    {"NumberAllowedLength", "Fixed"}, {"NumberPeriodicity", "Nonperiodical"},
    {"CheckUnique", "false"},
};
constexpr property of_language[] = {
    {"LanguageCode", ""},
};
constexpr property of_integrationservice[] = {
    {"ExternalIntegrationServiceAddress", ""},
};

struct kind_properties {
  std::string_view kind;
  std::span<const property> properties;
};

const kind_properties by_kind[] = {
    {"AccountingRegister", of_accountingregister},
    {"AccumulationRegister", of_accumulationregister},
    {"BusinessProcess", of_businessprocess},
    {"CalculationRegister", of_calculationregister},
    {"Catalog", of_catalog},
    {"ChartOfAccounts", of_chartofaccounts},
    {"ChartOfCalculationTypes", of_chartofcalculationtypes},
    {"ChartOfCharacteristicTypes", of_chartofcharacteristictypes},
    {"CommandGroup", of_commandgroup},
    {"CommonAttribute", of_commonattribute},
    {"CommonCommand", of_commoncommand},
    {"CommonForm", of_commonform},
    {"CommonModule", of_commonmodule},
    {"CommonTemplate", of_commontemplate},
    {"Constant", of_constant},
    {"DataProcessor", of_dataprocessor},
    {"Document", of_document},
    {"DocumentJournal", of_documentjournal},
    {"DocumentNumerator", of_documentnumerator},
    {"Enum", of_enum},
    {"EventSubscription", of_eventsubscription},
    {"ExchangePlan", of_exchangeplan},
    {"ExternalDataProcessor", of_externaldataprocessor},
    {"ExternalReport", of_externalreport},
    {"FilterCriterion", of_filtercriterion},
    {"FunctionalOption", of_functionaloption},
    {"HTTPService", of_httpservice},
    {"InformationRegister", of_informationregister},
    {"IntegrationService", of_integrationservice},
    {"Language", of_language},
    {"Report", of_report},
    {"ScheduledJob", of_scheduledjob},
    {"Sequence", of_sequence},
    {"Subsystem", of_subsystem},
    {"Task", of_task},
    {"WSReference", of_wsreference},
    {"WebService", of_webservice},
    {"XDTOPackage", of_xdtopackage},
};

}  // namespace

std::span<const property> properties_of(std::string_view kind) {
  const auto found =
      std::find_if(std::begin(by_kind), std::end(by_kind),
                   [kind](const kind_properties& each) { return each.kind == kind; });
  return found == std::end(by_kind) ? std::span<const property>{} : found->properties;
}

}  // namespace artel::analysis
