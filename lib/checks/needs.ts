/** What lists the clusters and single instances. */
export const clusterNeeds: readonly string[] = ['rds:DescribeDBClusters', 'rds:DescribeDBInstances'];

/** What tells the effective parameters of a cluster. */
export const parameterNeeds: readonly string[] = [
  ...clusterNeeds,
  'rds:DescribeDBClusterParameters',
  'rds:DescribeDBParameters',
  'rds:DescribeDBClusterParameterGroups',
  'rds:DescribeDBParameterGroups',
];
